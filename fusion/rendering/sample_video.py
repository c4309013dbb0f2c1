"""One sample, all its streams side by side on one clock, as a video."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from fusion.data import read_clip
from fusion.index import Index, Record, extent_of
from fusion.rendering.contact_sheet import INK, PAPER, SOFT, font
from fusion.rendering.sample_picture import reader_of, source_size, streams_in_order, title_of
from modalities.checks import fail
from modalities.letterbox import letterbox_geometry
from modalities.modality import get_modality
from modalities.painting import Canvas
from modalities.video import write_video

CHUNK = 32
"""Frames that are in memory at once."""
GAP, HEAD, LABEL, LEGEND = 8, 48, 24, 44  # pixels


class _StreamPanel:
    """One stream of a record beside the others, all its pictures on one scale.

    Args:
        index: index of a prepared dataset.
        record: record that is drawn.
        stream: name of the stream.
        canvas: canvas of the pictures.
        times: all times of the video, seconds ``[T]``.
    """

    def __init__(self, index: Index, record: Record, stream: str, canvas: Canvas, times: np.ndarray) -> None:
        self.index = index
        self.record = record
        self.stream = stream
        self.reader: Any = reader_of(index, stream, canvas.frame_size)
        modality = get_modality(self.reader.modality)
        self.is_backdrop = modality.is_backdrop
        if modality.probes is None:
            probes = times
        else:
            probes = times[np.unique(np.linspace(0, len(times) - 1, modality.probes).astype(int))]
        self.painter = modality.painter(self._read(probes), canvas)
        self.legend = self.painter.legend(LEGEND)

    def draw(self, times: np.ndarray, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        """Return one picture per time; ``frames`` are those of the video at the same times, if there are any."""
        clip = self._read(times)
        cells = self.painter.draw(clip, frames)
        if self.legend is None:
            return cells
        # colours that stand for numbers: past the end there are none
        return [
            self._with_legend(cell if real else np.full_like(cell, PAPER))
            for cell, real in zip(cells, clip.valid, strict=True)
        ]

    def _read(self, times: np.ndarray) -> Any:
        return read_clip(self.index, self.record, self.stream, self.reader, times, np.ones(len(times), bool))

    def _with_legend(self, cell: np.ndarray) -> np.ndarray:
        height, width = self.legend.shape[:2]
        image = Image.fromarray(cell)
        image.paste(Image.fromarray(self.legend), (4, cell.shape[0] - height - 4))
        place = (width + 10, cell.shape[0] - height // 2 - 4)
        ImageDraw.Draw(image).text(place, self.painter.legend_note, INK, font(12), anchor="lm")
        return np.asarray(image)


def render_video(
    index: Index,
    name: str,
    path: Path,
    *,
    height: int = 240,
    track: Callable[[Sequence[np.ndarray]], Iterable[np.ndarray]] = iter,
) -> int:
    """Write every frame of a record beside its flow as colours and its skeletons; returns how many frames.

    Args:
        index: of a prepared dataset.
        name: id of the record.
        path: of the video, ``.mp4``.
        height: of a panel, pixels; its width follows from the video.
        track: shows how far it is, given the times chunk by chunk.

    Raises:
        InputError: if there is no such record, it has no stream, a file is damaged, or the video cannot be written.
    """
    record = index.record(name)
    if not record["sources"]:
        fail(f"record '{name}'", "have a stream", "none")
    height_px, width_px = source_size(index, record)
    frame_size = (height, max(round(height * width_px / height_px), 1))
    span, rate = extent_of(record), rate_of(record)
    times = np.arange(span.start + 0.5 / rate, span.end, 1 / rate)
    canvas = Canvas(frame_size, letterbox_geometry((height_px, width_px), frame_size)[0], PAPER)
    panels = [_StreamPanel(index, record, stream, canvas, times) for stream in streams_in_order(index, record)]
    title = title_of(index, record, span)

    def pages() -> Iterator[np.ndarray]:
        for some in track([times[begin : begin + CHUNK] for begin in range(0, len(times), CHUNK)]):
            frames: np.ndarray | None = None
            drawn = {}
            for panel in panels:
                drawn[panel.stream] = panel.draw(some, frames)
                if frames is None and panel.is_backdrop:
                    frames = np.stack(drawn[panel.stream])
            for place, time in enumerate(some.tolist()):
                yield page({stream: cells[place] for stream, cells in drawn.items()}, title=title, time=time)

    write_video(path, pages(), fps=rate)
    return len(times)


def rate_of(record: Record) -> float:
    """Frames a second of the video, else of the densest stream."""

    def rate(entry: dict[str, Any]) -> float:
        if entry.get("fps"):
            return float(entry["fps"])
        times = entry.get("times") or (0.0,)
        return (len(times) - 1) / max(times[-1] - times[0], 1e-6) or 1.0

    video = record["sources"].get("rgb")
    return rate(video) if video else max(rate(entry) for entry in record["sources"].values())


def page(pictures: dict[str, np.ndarray], *, title: tuple[str, str], time: float) -> np.ndarray:
    """Panels beside each other under a title, a name and a time; uint8 ``[H, W, 3]``."""
    cells = list(pictures.values())
    height, width = cells[0].shape[:2]
    sheet = Image.new("RGB", (len(cells) * (width + GAP) + GAP, HEAD + height + LABEL), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((GAP + 2, 6), title[0], INK, font(16, bold=True))
    draw.text((GAP + 2, 28), title[1].rpartition("  ·  ")[0], SOFT, font(12))
    draw.text((sheet.width - GAP - 2, 6), f"{time:.2f} s", INK, font(16), anchor="ra")
    for number, (name, cell) in enumerate(pictures.items()):
        left = GAP + number * (width + GAP)
        sheet.paste(Image.fromarray(cell), (left, HEAD))
        draw.text((left + 2, HEAD + height + 5), name, SOFT, font(13))
    return np.asarray(sheet)

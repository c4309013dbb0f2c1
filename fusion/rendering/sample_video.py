"""Video of one sample: all its streams side by side on one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from triad.fusion.data import read_clip
from triad.fusion.index import Index, Record, extent_of
from triad.fusion.rendering.record_streams import default_reader, describe_record, make_canvas, streams_in_order
from triad.fusion.rendering.style import BACKGROUND, MUTED_COLOR, TEXT_COLOR, font
from triad.modalities.checks import fail
from triad.modalities.modality import Canvas, get_modality
from triad.modalities.video import write_video

CHUNK_SIZE = 32
"""Frames that are in memory at once."""
GAP, HEADER, FOOTER, LEGEND_HEIGHT = 8, 48, 24, 44  # pixels


class _StreamPanel:
    """Pictures of one stream of a record, all on one scale.

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
        self.reader: Any = default_reader(index, stream, canvas.frame_size)
        modality = get_modality(self.reader.modality)
        self.is_backdrop = modality.is_backdrop
        if modality.num_probes is None:
            probes = times
        else:
            probes = times[np.unique(np.linspace(0, len(times) - 1, modality.num_probes).astype(int))]
        self.painter = modality.painter(self._read(probes), canvas)

    def draw(self, times: np.ndarray, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        """Return one picture per time; ``frames`` are those of the video at the same times, if there are any."""
        clip = self._read(times)
        cells = self.painter.draw(clip, frames)
        legend = self.painter.legend(LEGEND_HEIGHT)
        if legend is None:
            return cells
        # colours with a legend stand for measurements, of which there are none past the end
        return [
            self._add_legend(cell if is_valid else np.full_like(cell, BACKGROUND), legend)
            for cell, is_valid in zip(cells, clip.valid, strict=True)
        ]

    def _read(self, times: np.ndarray) -> Any:
        return read_clip(self.index, self.record, self.stream, self.reader, times, np.ones(len(times), bool))

    def _add_legend(self, cell: np.ndarray, legend: np.ndarray) -> np.ndarray:
        height, width = legend.shape[:2]
        image = Image.fromarray(cell)
        image.paste(Image.fromarray(legend), (4, cell.shape[0] - height - 4))
        position = (width + 10, cell.shape[0] - height // 2 - 4)
        ImageDraw.Draw(image).text(position, self.painter.legend_note, TEXT_COLOR, font(12), anchor="lm")
        return np.asarray(image)


def render_video(
    index: Index,
    record_id: str,
    path: Path,
    *,
    height: int = 240,
    progress: Callable[[Sequence[np.ndarray]], Iterable[np.ndarray]] = iter,
) -> int:
    """Write every frame of a record with all its streams side by side, and return the number of frames.

    Args:
        index: index of a prepared dataset.
        record_id: id of the record.
        path: path of the video, ``.mp4``.
        height: height of a panel, pixels; its width follows from the video.
        progress: iterates over chunks of times and shows how many are done.

    Raises:
        InputError: If there is no such record, it has no stream, a file is damaged, or the video cannot be written.
    """
    record = index.record(record_id)
    if not record["sources"]:
        fail(f"record '{record_id}'", "have a stream", "none")
    span = extent_of(record)
    fps = record_fps(record)
    times = np.arange(span.start + 0.5 / fps, span.end, 1 / fps)
    canvas = make_canvas(index, record, height=height)
    panels = [_StreamPanel(index, record, stream, canvas, times) for stream in streams_in_order(index, record)]
    title = describe_record(index, record, span)

    def iter_pages() -> Iterator[np.ndarray]:
        for chunk in progress([times[start : start + CHUNK_SIZE] for start in range(0, len(times), CHUNK_SIZE)]):
            frames: np.ndarray | None = None
            cells = {}
            for panel in panels:
                cells[panel.stream] = panel.draw(chunk, frames)
                if frames is None and panel.is_backdrop:
                    frames = np.stack(cells[panel.stream])
            for position, time in enumerate(chunk.tolist()):
                pictures = {stream: stream_cells[position] for stream, stream_cells in cells.items()}
                yield compose_page(pictures, title=title, time=time)

    write_video(path, iter_pages(), fps=fps)
    return len(times)


def record_fps(record: Record) -> float:
    """Return frames per second of the record's video, else of its densest stream."""

    def source_fps(entry: dict[str, Any]) -> float:
        if entry.get("fps"):
            return float(entry["fps"])
        times = entry.get("times") or (0.0,)
        return (len(times) - 1) / max(times[-1] - times[0], 1e-6) or 1.0

    video = record["sources"].get("rgb")
    return source_fps(video) if video else max(source_fps(entry) for entry in record["sources"].values())


def compose_page(pictures: dict[str, np.ndarray], *, title: tuple[str, str], time: float) -> np.ndarray:
    """Draw one frame of the video: pictures side by side below a title and the time.

    Args:
        pictures: picture of each stream, uint8 ``[h, w, 3]``, all of one size.
        title: title and subtitle of the record.
        time: seconds.

    Shapes: uint8 ``[H, W, 3]``.
    """
    cells = list(pictures.values())
    height, width = cells[0].shape[:2]
    page = Image.new("RGB", (len(cells) * (width + GAP) + GAP, HEADER + height + FOOTER), BACKGROUND)
    draw = ImageDraw.Draw(page)
    draw.text((GAP + 2, 6), title[0], TEXT_COLOR, font(16, bold=True))
    draw.text((GAP + 2, 28), title[1].rpartition("  ·  ")[0], MUTED_COLOR, font(12))
    draw.text((page.width - GAP - 2, 6), f"{time:.2f} s", TEXT_COLOR, font(16), anchor="ra")
    for number, (name, cell) in enumerate(pictures.items()):
        left = GAP + number * (width + GAP)
        page.paste(Image.fromarray(cell), (left, HEADER))
        draw.text((left + 2, HEADER + height + 5), name, MUTED_COLOR, font(13))
    return np.asarray(page)

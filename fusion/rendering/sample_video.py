"""One sample, all its streams side by side on one clock, as a video."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from fusion.data.dataset import Clip, read_clip
from fusion.index.index import Index, Record, extent_of
from fusion.rendering.clip_rows import desaturate, front_view, full_speed, wheel
from fusion.rendering.contact_sheet import INK, PAPER, SOFT, font
from fusion.rendering.sample_picture import ORDER, reader_of, source_size, title_of
from modalities.checks import fail
from modalities.clips import FlowClip, PoseClip, RgbClip
from modalities.flow import flow_to_rgb
from modalities.letterbox import letterbox_geometry
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.rendering import draw_skeleton
from modalities.video import write_video

CHUNK = 32
"""Frames that are in memory at once."""
GAP, HEAD, LABEL, WHEEL = 8, 48, 24, 44  # pixels
PROBES = 12
"""Times at which flow is looked at to find the speed of a full colour."""

Panel = Callable[[np.ndarray, np.ndarray | None], Sequence[np.ndarray]]
"""From times and the frames at these, if there are any, to a picture a time."""


class _Reading:
    """A record's streams on one canvas."""

    def __init__(self, index: Index, record: Record, frame_size: tuple[int, int]) -> None:
        self.index, self.record, self.frame_size = index, record, frame_size

    def __call__(self, stream: str, times: np.ndarray) -> Clip:
        reader = reader_of(self.index.metainfo["streams"][stream], self.frame_size)
        return read_clip(self.index, self.record, stream, reader, times, np.ones(len(times), bool))


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
    read = _Reading(index, record, frame_size)
    kinds = {stream: index.metainfo["streams"][stream]["modality"] for stream in record["sources"]}
    streams = sorted(kinds, key=lambda stream: (ORDER.index(kinds[stream]), stream))
    filmed = next((stream for stream in streams if kinds[stream] == "rgb"), None)
    scale = letterbox_geometry((height_px, width_px), frame_size)[0]
    panels = {stream: _panel(read, stream, kinds[stream], times, scale=scale) for stream in streams}
    title = title_of(index, record, span)

    def pages() -> Iterator[np.ndarray]:
        for some in track([times[begin : begin + CHUNK] for begin in range(0, len(times), CHUNK)]):
            shown = None if filmed is None else read(filmed, some)
            frames = shown.data if isinstance(shown, RgbClip) else None
            drawn = {stream: panel(some, frames) for stream, panel in panels.items()}
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


def _panel(read: _Reading, stream: str, kind: str, times: np.ndarray, *, scale: float) -> Panel:
    if kind == "flow":
        return _flow_panel(read, stream, times, scale=scale)
    if kind == "skeleton":
        return _skeleton_panel(read, stream, times)
    return lambda some, frames: list(read(stream, some).data)  # type: ignore[union-attr]


def _flow_panel(read: _Reading, stream: str, times: np.ndarray, *, scale: float) -> Panel:
    """Colours on one scale for the whole video, and what they mean in the corner."""
    probes = read(stream, times[np.unique(np.linspace(0, len(times) - 1, PROBES).astype(int))])
    full = full_speed(probes, scale=scale) if isinstance(probes, FlowClip) else 1.0
    legend = wheel(WHEEL)

    def draw(some: np.ndarray, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        clip, cells = read(stream, some), []
        for field, real in zip(clip.data, clip.valid, strict=True):  # type: ignore[union-attr]
            cell = flow_to_rgb(field / scale, full) if real else np.full((*read.frame_size, 3), PAPER, np.uint8)
            cell[-WHEEL - 4 : -4, 4 : WHEEL + 4] = legend
            image = Image.fromarray(cell)
            place = (WHEEL + 10, cell.shape[0] - WHEEL // 2 - 4)
            ImageDraw.Draw(image).text(place, f"rim: {full:.1f} px a frame", INK, font(12), anchor="lm")
            cells.append(np.asarray(image))
        return cells

    return draw


def _skeleton_panel(read: _Reading, stream: str, times: np.ndarray) -> Panel:
    """Skeletons where they are in the frames, or from the front; all read at once, so that the scale stays."""
    clip = read(stream, times)
    if not isinstance(clip, PoseClip):
        fail(f"stream '{stream}'", "be a skeleton as the index says", type(clip).__name__)
    layout = get_layout(clip.layout)
    found = clip.keypoints if layout.dims == 2 else clip.pixels
    pixels = front_view(clip, read.frame_size) if found is None else found
    paper, thickness = np.full((*read.frame_size, 3), 246, np.uint8), max(read.frame_size[1] // 80, 2)

    def draw(some: np.ndarray, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        cells = []
        for place, time in enumerate(np.searchsorted(times, some)):
            cell = desaturate(frames[place]) if found is not None and frames is not None else paper
            for person in range(len(pixels)):
                cell = draw_skeleton(cell, pixels[person, time], clip.scores[person, time], layout, thickness=thickness)
            cells.append(cell)
        return cells

    return draw


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

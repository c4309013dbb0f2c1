"""Clips as rows of pictures."""

from __future__ import annotations

import numpy as np

from fusion.rendering.contact_sheet import PAPER, Color, ImageRow
from modalities.clips import FlowClip, PoseClip, RgbClip
from modalities.flow import flow_to_rgb
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.rendering import draw_skeleton

TONES: dict[str, Color] = {"rgb": (192, 96, 63), "flow": (58, 127, 156), "skeleton": (98, 137, 63)}
"""A colour a modality, those of the report."""

STILL = 1.0
"""Pixels a frame: the least that gives a full colour, so that noise where nothing moves stays pale."""


def rgb_row(name: str, clip: RgbClip) -> ImageRow:
    """The frames as they are."""
    return ImageRow(name, list(clip.data), TONES["rgb"], valid=clip.valid)


def flow_row(name: str, clip: FlowClip, *, scale: float) -> ImageRow:
    """Direction as hue, speed as saturation, on one scale for the whole row.

    Args:
        name: of the stream.
        clip: the fields, on a canvas.
        scale: canvas pixels a pixel of the video, so that speeds are told in the video's.
    """
    full = full_speed(clip, scale=scale)
    cells = [flow_to_rgb(field / scale, full) for field in clip.data]
    notes = ("hue: direction", f"full: {full:.1f} px a frame")
    return ImageRow(name, cells, TONES["flow"], notes, clip.valid, wheel())


def full_speed(clip: FlowClip, *, scale: float) -> float:
    """The speed that is shown fully coloured: nearly the largest of the clip, in pixels of the video a frame."""
    speeds = np.linalg.norm(clip.data[clip.valid] / scale, axis=-1)
    return max(float(np.percentile(speeds, 99.5)), STILL) if speeds.size else STILL


def skeleton_row(name: str, clip: PoseClip, *, frame_size: tuple[int, int], frames: np.ndarray | None) -> ImageRow:
    """Skeletons where they are in the frames; where no pixels are known, seen from the front.

    Args:
        name: of the stream.
        clip: the poses, pixels on the canvas.
        frame_size: height and width of a cell.
        frames: uint8 ``[T, H, W, 3]`` at the same times, on the same canvas; None draws on paper.
    """
    layout = get_layout(clip.layout)
    pixels, shown, real = project_joints(clip, frame_size=frame_size, frames=frames)
    notes: tuple[str, ...] = (f"{layout.num_joints} joints", "left orange, right blue")
    if not real:
        notes = (*notes, "from the front")
    cells = []
    for time, picture in enumerate(shown):
        for person in range(len(pixels)):
            scores = clip.scores[person, time]
            picture = draw_skeleton(
                picture, pixels[person, time], scores, layout, thickness=max(frame_size[1] // 80, 2)
            )
        cells.append(picture)
    return ImageRow(name, cells, TONES["skeleton"], notes, clip.valid)


def project_joints(
    clip: PoseClip, *, frame_size: tuple[int, int], frames: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Where joints are drawn, what lies behind them, and whether that is where they are in the frames.

    Shapes: pixels ``[M, T, V, 2]``, uint8 ``[T, H, W, 3]``.
    """
    pixels = clip.keypoints if get_layout(clip.layout).dims == 2 else clip.pixels
    paper = np.full((len(clip.times), *frame_size, 3), 246, np.uint8)
    if pixels is None:
        return front_view(clip, frame_size), paper, False
    return pixels, paper if frames is None else desaturate(frames), True


def front_view(clip: PoseClip, frame_size: tuple[int, int]) -> np.ndarray:
    """x and y of metres on the canvas, one scale for the whole clip, nothing cut off.

    Shapes: keypoints ``[M, T, V, 3]`` -> pixels ``[M, T, V, 2]``.
    """
    flat = clip.keypoints[..., :2]
    seen = flat[clip.scores > 0]  # [n, 2]
    if len(seen) == 0:
        return flat
    low, high = seen.min(axis=0), seen.max(axis=0)
    room = 0.84 * np.array(frame_size[::-1])
    scale = float((room / np.maximum(high - low, 1e-3)).min())
    return ((flat - (low + high) / 2) * scale + np.array(frame_size[::-1]) / 2).astype(np.float32)


def wheel(size: int = 56) -> np.ndarray:
    """The colours of all directions, speed growing outwards, on a sheet's paper; uint8 ``[size, size, 3]``."""
    reach = np.linspace(-1.06, 1.06, size)
    flow = np.stack(np.meshgrid(reach, reach), axis=-1)
    edge = np.clip((1 - np.linalg.norm(flow, axis=-1, keepdims=True)) * size / 2 + 0.5, 0, 1)
    inside = flow_to_rgb(flow / np.maximum(np.linalg.norm(flow, axis=-1, keepdims=True), 1), 1.0)
    return np.round(edge * inside + (1 - edge) * np.array(PAPER)).astype(np.uint8)


def desaturate(frames: np.ndarray) -> np.ndarray:
    """Grey and pale, so that what is drawn on them stands out."""
    grey = frames.mean(axis=-1, keepdims=True).repeat(3, axis=-1)
    return (0.45 * grey + 0.15 * frames + 0.4 * 255).astype(np.uint8)

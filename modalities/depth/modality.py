"""The modality depth: pictures of distance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.collation import fill_times, stack_clips
from triad.modalities.depth import MILLIMETRE, DepthClip, DepthReader
from triad.modalities.depth.files import count_depth, probe_depth, read_depth
from triad.modalities.depth.live import open_depth
from triad.modalities.depth.rendering import DepthPainter
from triad.modalities.live import LiveInput
from triad.modalities.modality import DATA, VALID, InputField, Modality, ModelInput, StoredContent, StoredFiles

PROBES = 12
"""Times at which the range of the colours is measured for a video."""


def default_reader(info: Mapping[str, Any], frame_size: tuple[int, int]) -> DepthReader:
    """Return the reader of depth in the unit that the index names, else in millimetres."""
    return DepthReader(frame_size=frame_size, unit=info.get("unit", MILLIMETRE))


def randomize(clip: DepthClip, rng: np.random.Generator) -> DepthClip:
    """Return the clip with depth of half a metre to five metres, of which a tenth is missing."""
    depth = rng.uniform(0.5, 5.0, clip.data.shape) * (rng.random(clip.data.shape) > 0.1)
    return replace(clip, data=depth.astype(np.float32))


def inspect_depth(source: Source, info: Mapping[str, Any]) -> StoredContent:
    """Count the pictures of stored depth, of which the first is decoded.

    Raises:
        InputError: If it is damaged or not of 16 bits.
    """
    return StoredContent(count_depth(source.path))


def frame_size_of(source: Source) -> tuple[int, int]:
    """Return height and width of the first picture, pixels."""
    height, width = read_depth(source.path, np.array([0])).shape[1:3]
    return height, width


def describe_depth(path: Path, video: Mapping[str, Any] | None, fps: float | None) -> dict[str, Any]:
    """Return ``num`` and the clock of stored depth.

    A video has a clock of its own; a folder of pictures has ``fps``, or the clock of a video with as many frames.

    Raises:
        InputError: If it is damaged or not of 16 bits, or there is no clock.
    """
    info = probe_depth(path)
    if info.times is not None:
        return {"num": info.num, "times": list(info.times)}
    if info.fps is not None or fps is not None:
        return {"num": info.num, "fps": info.fps or fps}
    if video is None or video["num"] != info.num:
        frames = f"{video['num']} frames" if video else "no video"
        got = f"{info.num} pictures and {frames}"
        fail("fps", "be given where frames do not tell it", got, "add column fps")
    return {"num": info.num, **{key: video[key] for key in ("fps", "times") if key in video}}


def add_command(stream: str, data: str) -> str | None:
    """Return the command that takes depth files."""
    return f"name depth files in a table: triad prepare table TABLE {data}"


MODALITY = Modality(
    name="depth",
    clip=DepthClip,
    reader=DepthReader,
    default_reader=default_reader,
    collate=stack_clips,
    fill=fill_times,
    randomize=randomize,
    files=StoredFiles(
        inspector=lambda: inspect_depth,
        frame_size=frame_size_of,
        compare_bytes=True,
        folders=True,
        unverified="that depth pictures decode beyond the first",
        columns=("depth",),
        standalone=True,
        describe=describe_depth,
    ),
    input=ModelInput(
        fields={"data": InputField("BTHWC", DATA), "valid": InputField("BT", VALID)},
        feeding="Depth along the optical axis in metres, 0 where it is missing. Scale by s = min(H / h, W / w) to "
        "whole pixels, each the nearest one of the source, never a mean; put it at x = int((W - s * w) / 2), y = "
        "int((H - s * h) / 2); zero around it. Where crop_mode of the reader is center: s = max(H / h, W / w), and "
        "what lies outside the canvas is cut. Size and normalisation are in the graph.",
    ),
    live=LiveInput(open=open_depth),
    painter=DepthPainter,
    num_probes=PROBES,
    stream_prefixes=("depth",),
    add_command=add_command,
)

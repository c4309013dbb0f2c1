"""The modality flow: optical flow between frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.clips import FlowClip, Source
from triad.modalities.collation import fill_times, stack_clips
from triad.modalities.flow import FlowFile, FlowReader
from triad.modalities.flow.estimators import ESTIMATORS
from triad.modalities.flow.live import open_flow
from triad.modalities.flow.painter import FlowPainter
from triad.modalities.live import LiveInput
from triad.modalities.modality import (
    DATA,
    LETTERBOX,
    VALID,
    InputField,
    Modality,
    ModelInput,
    StoredContent,
    StoredFiles,
)

PROBES = 12
"""Times at which the speed of a full colour is measured for a video."""


def default_reader(info: Mapping[str, Any], frame_size: tuple[int, int]) -> FlowReader:
    """Return the reader of any stored flow."""
    return FlowReader(frame_size=frame_size)


def randomize(clip: FlowClip, rng: np.random.Generator) -> FlowClip:
    """Return the clip with normally distributed flow of two pixels."""
    return replace(clip, data=rng.normal(0, 2, clip.data.shape).astype(np.float32))


def inspect_flow(source: Source, info: Mapping[str, Any]) -> StoredContent:
    """Count the fields of a flow file by its table.

    Raises:
        InputError: If it is missing, cut off, or no flow file.
    """
    return StoredContent(FlowFile(source.path).num)


def frame_size_of(source: Source) -> tuple[int, int]:
    """Return height and width of a field, pixels."""
    file = FlowFile(source.path)
    return file.height, file.width


def describe_flow(path: Path, video: Mapping[str, Any] | None, fps: float | None) -> dict[str, Any]:
    """Return ``num`` and the clock of a flow file that belongs to a video.

    Raises:
        InputError: If there is no video, or the file does not hold one field less than the video has frames.
    """
    if video is None:
        fail("flow", "come with its video, whose clock it has", "none")
    num = FlowFile(path).num
    if num != video["num"] - 1:
        fail(f"flow '{path}'", f"have {video['num'] - 1} fields as the video has {video['num']} frames", num)
    return {"num": num, **({"fps": video["fps"]} if "fps" in video else {"times": video["times"][:num]})}


def add_command(stream: str, data: str) -> str | None:
    """Return the command that extracts a stream of flow."""
    return f"triad extract {data} --flow {stream.partition('_')[2]}"


MODALITY = Modality(
    name="flow",
    clip=FlowClip,
    reader=FlowReader,
    default_reader=default_reader,
    collate=stack_clips,
    fill=fill_times,
    randomize=randomize,
    files=StoredFiles(
        inspector=lambda: inspect_flow,
        frame_size=frame_size_of,
        length_offset=1,  # the last frame has no flow
        unverified="the fields within flow files",
        columns=("flow", *(f"flow_{name}" for name in ESTIMATORS)),
        describe=describe_flow,
    ),
    input=ModelInput(
        fields={"data": InputField("BT[L]HWC", DATA), "valid": InputField("BT", VALID)},
        feeding="Optical flow (u, v) in pixels from the frame on display to the next one, of the estimator that "
        f"`source` names; a video of N frames has N - 1 fields. {LETTERBOX} Vectors are multiplied by s. Size and "
        "bound are in the graph. With `stack` L in `reader`, each time has the axis L: the field on display and the "
        "L - 1 after it, the last L fields where they would pass the end; where there are fewer than L, all of them, "
        "then zeros, and `valid` is false.",
    ),
    live=LiveInput(open=open_flow, locate=FlowReader.locate),
    painter=FlowPainter,
    num_probes=PROBES,
    stream_prefixes=("flow",),
    add_command=add_command,
)

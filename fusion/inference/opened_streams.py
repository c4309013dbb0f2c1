"""Where each source of a video comes from: its frames, an estimator, a file; or that it is absent, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fusion.inference.interfaces import Model, StreamInput
from fusion.inference.pose_sources import PoseFileSource, PoseSource
from fusion.inference.stream_sources import FlowSource, RgbSource, StreamSource
from modalities.atomic_files import read_arrays
from modalities.checks import fail
from modalities.extraction.stopwatch import Stopwatch
from modalities.flow import FlowReader
from modalities.flow.estimators import build_estimator, is_network, name_of_stream
from modalities.rgb.reader import RgbReader
from modalities.skeleton.convert import check_convertible
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.pose_estimation.interfaces import PoseEstimator
from modalities.skeleton.reader import PoseReader
from modalities.source import Source

POSE_CURE = "give --pose-weights and --detector to estimate it, or --skeleton FILE.npz"
FILE_CURE = "give --skeleton FILE.npz, it cannot be estimated from the frames"


@dataclass
class ExternalInputs:
    """What a user gives beside the video.

    Args:
        flow_weights: file of weights, where a flow estimator has some.
        pose: estimates poses.
        skeleton: ``.npz`` file of poses that were measured elsewhere.
        skeleton_fps: of that file, where its poses are not those of the frames one by one.
        device: where learned estimators run.
    """

    flow_weights: Path | None = None
    pose: PoseEstimator | None = None
    skeleton: Path | None = None
    skeleton_fps: float | None = None
    device: str = "cpu"


@dataclass
class OpenedStreams:
    """A video's sources, ready to be read.

    Args:
        models: with readers that convert, where joints come in another layout.
        sources: clocks by name; None where the video has no such source.
        parts: what makes the entries of those that it has.
        notes: what a user should know.
    """

    models: list[Model]
    sources: dict[str, Source | None] = field(default_factory=dict)
    parts: dict[str, StreamSource] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def open_sources(models: Sequence[Model], clock: Source, given: ExternalInputs, watch: Stopwatch) -> OpenedStreams:
    """Find a part for every source that a model reads; what cannot be had is absent, and noted.

    Args:
        models: what will look.
        clock: of the video's frames, with their size.
        given: what the user gave beside the video.
        watch: is told what the time is spent on.

    Raises:
        InputError: if no stream is left, or something given does not fit.
    """
    opened = OpenedStreams([replace(model, inputs=_adapted(model.inputs, given)) for model in models])
    why: dict[str, str] = {}
    for model in opened.models:
        for stream, reading in model.inputs.items():
            if reading.source in opened.sources:
                continue
            source, part, reason = _open(stream, reading, clock, given, watch)
            opened.sources[reading.source] = source
            if part is not None:
                opened.parts[reading.source] = part
            else:
                why[stream] = reason
    _note_conversions(models, opened)
    if not opened.parts:
        stream, reason = next(iter(why.items()))
        got, _, cure = reason.partition("; ")
        fail(f"stream '{stream}'", "be in the video or beside it", got, cure)
    opened.notes += [f"stream '{stream}' is absent, the others answer without it: {why[stream]}" for stream in why]
    return opened


def _open(
    stream: str, reading: StreamInput, clock: Source, given: ExternalInputs, watch: Stopwatch
) -> tuple[Source | None, StreamSource | None, str]:
    """The source of one stream, what makes its entries, and why there is none."""
    reader: Any = reading.reader
    if isinstance(reader, RgbReader):
        return clock, RgbSource(watch), ""
    if isinstance(reader, FlowReader):
        if clock.num < 2:
            return None, None, "a single frame, flow takes two; give a longer video"
        name = name_of_stream(reading.source)
        weights, device = (given.flow_weights, given.device) if is_network(name) else (None, "cpu")
        estimator = build_estimator(name, weights=weights, device=device)
        times = None if clock.times is None else clock.times[:-1]
        return replace(clock, num=clock.num - 1, times=times), FlowSource(estimator, watch), ""
    if not isinstance(reader, PoseReader):
        fail(f"reader of stream '{stream}'", "be one of frames, flow or poses", type(reader).__name__)
    if given.skeleton is not None:
        num = _count(given.skeleton)
        if num != clock.num and given.skeleton_fps is None:
            cure = "give --skeleton-fps, its poses a second"
            fail(f"skeleton '{given.skeleton}'", f"hold {clock.num} poses as the video has frames", num, cure)
        own = replace(clock, path=given.skeleton, num=num)
        if num != clock.num or given.skeleton_fps is not None:
            own = replace(own, fps=given.skeleton_fps, times=None)
        return own, PoseFileSource(given.skeleton, layout=reader.stored, num=num), ""
    if reader.stored.dims == 3:
        return None, None, f"its joints are 3D ('{reader.stored.name}'); {FILE_CURE}"
    if given.pose is None:
        return None, None, f"no pose estimator for its joints ('{reader.stored.name}'); {POSE_CURE}"
    return clock, PoseSource(given.pose, watch), ""


def _adapted(inputs: Mapping[str, StreamInput], given: ExternalInputs) -> dict[str, StreamInput]:
    """Readings whose pose readers take what the estimator gives."""
    adapted = dict(inputs)
    for stream, reading in inputs.items():
        reader: Any = reading.reader
        if not isinstance(reader, PoseReader) or given.pose is None or given.skeleton is not None:
            continue
        estimated = get_layout(given.pose.layout)
        if reader.layout.dims == 2 and reader.stored is not estimated:
            check_convertible(estimated, reader.layout)
            changed = PoseReader(
                layout=reader.layout.name,
                frame_size=reader.frame_size,
                convert_from=estimated.name,
                persons=reader.persons,
            )
            adapted[stream] = replace(reading, reader=changed)
    return adapted


def _note_conversions(before: Sequence[Model], opened: OpenedStreams) -> None:
    for model, changed in zip(before, opened.models, strict=True):
        for stream, reading in changed.inputs.items():
            reader: Any = reading.reader
            if reader is not model.inputs[stream].reader:
                opened.notes.append(
                    f"stream '{stream}' learned from joints '{reader.layout.name}' that were not estimated so: "
                    f"estimated '{reader.stored.name}' is converted"
                )


def _count(path: Path) -> int:
    """How many poses a skeleton file holds."""
    arrays = read_arrays(path, cure="write keypoints [M, T, V, C] and scores [M, T, V] with numpy.savez")
    shape = arrays["keypoints"].shape if "keypoints" in arrays else ()
    if len(shape) != 4:
        fail(f"skeleton '{path}'", "hold keypoints [M, T, V, C]", list(shape) or "none")
    return int(shape[1])

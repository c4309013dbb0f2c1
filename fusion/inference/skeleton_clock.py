"""Clock of a skeleton recording that is predicted without its video."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from triad.fusion.inference.interfaces import Model
from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.modality import get_modality
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.measured_poses import NO_SETTINGS, FileSettings, path_of, read_measured
from triad.modalities.skeleton.readers import SkeletonRecording


class NoFrame:
    """Moment of a recording without pictures, in place of a :class:`triad.modalities.video.Frame`.

    Args:
        number: number of the pose.
    """

    def __init__(self, number: int) -> None:
        self.number = number


class SkeletonClock:
    """Times of the poses of a recording, in place of a :class:`triad.modalities.video.VideoFile`.

    Args:
        skeleton: path of the skeleton file or folder, or poses in memory.
        models: models that predict, whose layout is read where the file names none.
        fps: poses per second; None for what the file says.
        settings: layout, unit, axes and size that the user says; None for nothing.

    Attributes:
        notes: none.
        clock: clock of the poses.
        fps: poses per second.

    Raises:
        InputError: If the file is damaged or shows nobody, nothing says its rate or the size of the frames that its
            joints refer to, or no model reads joints.
    """

    notes: Sequence[str] = ()

    def __init__(
        self,
        skeleton: str | Path | SkeletonRecording,
        models: Sequence[Model],
        fps: float | None = None,
        settings: FileSettings | None = None,
    ) -> None:
        skeleton = Path(skeleton) if isinstance(skeleton, str) else skeleton
        path = path_of(skeleton)
        readers = [stream_input.reader for model in models for stream_input in model.inputs.values()]
        poses_reader: Any = next((reader for reader in readers if get_modality(reader.modality).has_joints), None)
        if poses_reader is None:
            names = ", ".join(name for model in models for name in model.inputs)
            fail(f"skeleton '{path}'", "be read by a model", f"models of {names}", "give a video")
        recorded = read_measured(skeleton, poses_reader.stored.name, None, settings or NO_SETTINGS)
        if get_layout(recorded.poses.layout).dims == 2 and recorded.size is None:
            cure = "give --skeleton-size WIDTHxHEIGHT, or the VIDEO beside it with --skeleton"
            fail(f"skeleton '{path}'", "say the size of the frames that its pixels refer to", "none", cure)
        rate = recorded.fps if fps is None else fps
        if rate is None:
            fail(f"skeleton '{path}'", "have a rate where there is no video", "none", "give --skeleton-fps")
        self.fps = rate
        self.clock = Source(path, recorded.poses.num, fps=rate, size_hw=recorded.size)

    def __iter__(self) -> Iterator[NoFrame]:
        return map(NoFrame, range(self.clock.num))

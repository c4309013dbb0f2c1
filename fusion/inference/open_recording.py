"""Opening of a recording by its path: a video, a folder of pictures, or a skeleton recording of any known format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from triad.fusion.inference.interfaces import Model
from triad.fusion.inference.recordings import Recording, VideoRecording
from triad.fusion.inference.skeleton_clock import SkeletonClock
from triad.modalities.checks import fail
from triad.modalities.live import ExternalInputs
from triad.modalities.skeleton.measured_poses import is_skeleton_file
from triad.modalities.skeleton.readers import SkeletonRecording


def open_recording(
    path: Path, models: Sequence[Model], inputs: ExternalInputs, *, fps: float | None = None
) -> tuple[Recording, ExternalInputs]:
    """Return a recording, and the inputs beside it: without pictures its poses are one of them.

    Args:
        path: path of the recording.
        models: models that predict it.
        inputs: what the user gives beside it.
        fps: pictures per second of a folder; None for the default.

    Raises:
        InputError: If it cannot be read, or a skeleton recording is given beside another one.
    """
    if path != inputs.skeleton and not is_skeleton_file(path):
        return VideoRecording(path, fps=fps), inputs
    if inputs.skeleton not in (None, path):
        fail("--skeleton", "stand beside a video", f"'{path}', which is a skeleton too", "leave one out")
    return open_skeleton(path, models, inputs)


def open_skeleton(
    skeleton: Path | SkeletonRecording, models: Sequence[Model], inputs: ExternalInputs
) -> tuple[Recording, ExternalInputs]:
    """Return the clock of poses without a video, and inputs that hold them.

    Raises:
        InputError: If they cannot be read, nothing says their rate, or no model reads joints.
    """
    clock = SkeletonClock(skeleton, models, inputs.skeleton_fps, inputs.skeleton_settings)
    return clock, replace(inputs, skeleton=skeleton, has_frames=False)

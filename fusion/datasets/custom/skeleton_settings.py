"""What the user of ``prepare skeletons`` says about all files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from triad.fusion.datasets.custom.skeleton_file import SkeletonFile
from triad.modalities.skeleton.readers import SkeletonRecording
from triad.modalities.video import VideoInfo


class SkeletonSettings(NamedTuple):
    """What the user says about all files.

    Attributes:
        layout: name of the joint layout.
        unit: unit of the joints.
        axes: axes of the joints.
        size: height and width of the frames, pixels.
        fps: poses per second of files that do not say.
        guessed_sizes: names of files whose frames' size was guessed.
        guessed_rates: names of clips whose rate was taken from ``fps``.
    """

    layout: str | None
    unit: str | None
    axes: str | None
    size: tuple[int, int] | None
    fps: float
    guessed_sizes: list[str]
    guessed_rates: list[str]

    def file(self, path: Path) -> SkeletonFile:
        """Return a file with these settings."""
        return SkeletonFile(
            path=path,
            layout=self.layout,
            unit=self.unit,
            axes=self.axes,
            size=self.size,
            guessed_sizes=self.guessed_sizes,
        )

    def read(self, path: Path, read: Callable[[], SkeletonRecording]) -> SkeletonRecording:
        """Return a clip in our units, with its size and rate."""
        return self.with_rate(path, self.file(path).complete(read(), None))

    def read_file(self, path: Path) -> SkeletonRecording:
        """Return the clip of a file in our units, with its size and rate."""
        return self.with_rate(path, self.file(path).read(None))

    def with_rate(self, path: Path, recorded: SkeletonRecording) -> SkeletonRecording:
        """Return a clip with the rate of its file, or else the user's."""
        if recorded.fps is not None:
            return recorded
        self.guessed_rates.append(path.name)
        return SkeletonRecording(recorded.poses, recorded.size, self.fps)


def without_video(read: Callable[[], SkeletonRecording]) -> Callable[[VideoInfo | None], SkeletonRecording]:
    return lambda info: read()

"""Clock of a skeleton recording that is predicted without its video."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from modalities.checks import fail
from modalities.clips import Source
from modalities.skeleton import describe_measured


class NoFrame:
    """Moment of a recording without pictures, in place of a :class:`modalities.video.Frame`.

    Args:
        number: number of the pose.
    """

    def __init__(self, number: int) -> None:
        self.number = number


class SkeletonClock:
    """Times of the poses of a recording, in place of a :class:`modalities.video.VideoFile`.

    Args:
        path: path of the skeleton file.
        fps: poses per second; None for what the file says.

    Attributes:
        clock: clock of the poses.
        fps: poses per second.

    Raises:
        InputError: If the file is damaged or holds no poses, or nothing says their rate.
    """

    def __init__(self, path: str | Path, fps: float | None = None) -> None:
        measured = describe_measured(Path(path))
        rate = measured.fps if fps is None else fps
        if rate is None:
            fail(f"skeleton '{path}'", "have a rate where there is no video", "none", "give --skeleton-fps")
        self.fps = rate
        self.clock = Source(Path(path), measured.num, fps=rate, size_hw=measured.size_hw)

    def __iter__(self) -> Iterator[NoFrame]:
        return map(NoFrame, range(self.clock.num))

"""Depth beside a video that is predicted."""

from __future__ import annotations

from dataclasses import replace

from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.depth.files import probe_depth
from triad.modalities.depth.reader import DepthReader
from triad.modalities.live import ExternalInputs, FileSource, LiveStream
from triad.modalities.stopwatch import Stopwatch


def open_depth(
    reader: DepthReader, stream: str, clock: Source, external: ExternalInputs, watch: Stopwatch
) -> LiveStream:
    """Return the depth of the user's file; see :class:`triad.modalities.live.LiveInput`.

    A folder of pictures has the clock of the video's frames.

    Raises:
        InputError: If the file is not depth, or a folder does not hold one picture per frame.
    """
    if stream not in external.files:
        return LiveStream(None, None, f"depth is not in the frames; give --file {stream}=FILE")
    path = external.files[stream]
    info = probe_depth(path)
    if info.fps is None and info.times is None:
        if info.num != clock.num:
            fail(f"depth '{path}'", f"hold {clock.num} pictures as the video has frames", info.num)
        return LiveStream(replace(clock, path=path), FileSource())
    return LiveStream(Source(path, info.num, fps=info.fps, times=info.times), FileSource())

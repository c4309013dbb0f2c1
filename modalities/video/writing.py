"""Videos that browsers play."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from modalities.atomic_files import atomic_write
from modalities.checks import fail

ENDINGS = (".mp4", ".m4v", ".mov", ".mkv", ".avi", ".ts")
"""Of files that hold H.264."""


def write_video(path: str | Path, frames: Iterable[np.ndarray], *, fps: float, crf: int = 18) -> None:
    """Write H.264 (yuv420p) that browsers play; the same frames give the same bytes.

    A picture of odd width or height gets its last column or row twice, because yuv420p halves both.

    Args:
        path: ends as one of :data:`ENDINGS`.
        frames: uint8 ``[H, W, 3]``, RGB, all of one size; may be a generator.
        fps: frames per second.
        crf: quality, 0 (best) to 51; 18 is visually the same as the source.

    Raises:
        InputError: if the file ends otherwise, there is no frame, a frame has another size, or the disk is full.
    """
    if Path(path).suffix.lower() not in ENDINGS:
        fail(f"video '{path}'", f"end in {', '.join(ENDINGS)}", f"'{Path(path).suffix}'")
    with (
        atomic_write(path) as temporary,
        av.open(str(temporary), "w", container_options={"fflags": "+bitexact"}) as container,
    ):
        stream: av.VideoStream | None = None
        shape: tuple[int, ...] = ()
        for number, frame in enumerate(frames):
            if (
                frame.dtype != np.uint8
                or frame.ndim != 3
                or frame.shape[2] != 3
                or frame.shape != (shape or frame.shape)
            ):
                fail(
                    f"frame {number} of '{path}'",
                    f"be uint8 {list(shape) or '[H, W, 3]'}",
                    f"{frame.dtype} {list(frame.shape)}",
                )
            if stream is None:
                shape = frame.shape
                stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
                stream.height, stream.width = shape[0] + shape[0] % 2, shape[1] + shape[1] % 2
                stream.pix_fmt = "yuv420p"
                # one thread and no mbtree (which reads memory that nobody has written): else the bytes vary
                stream.options = {"crf": str(crf), "preset": "veryfast", "x264-params": "mbtree=0"}
                stream.codec_context.thread_count = 1
            even = np.pad(frame, ((0, shape[0] % 2), (0, shape[1] % 2), (0, 0)), mode="edge")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        if stream is None:
            fail(f"video '{path}'", "have frames", "none")
        container.mux(stream.encode(None))

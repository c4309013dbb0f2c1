"""Writing of video files that browsers play."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import fail

SUFFIXES = (".mp4", ".m4v", ".mov", ".mkv", ".avi", ".ts")
"""Suffixes of containers that hold H.264."""


def write_video(path: str | Path, frames: Iterable[np.ndarray], *, fps: float, crf: int = 18) -> None:
    """Write H.264 (yuv420p) that browsers play; the same frames give the same bytes.

    A frame of odd width or height has its last column or row repeated, because yuv420p halves both.

    Args:
        path: path of the file, with one of the suffixes in :data:`SUFFIXES`.
        frames: uint8 ``[H, W, 3]``, RGB, all of one size; may be a generator.
        fps: frames per second.
        crf: constant rate factor, 0 (best) to 51; 18 is visually the same as the source.

    Raises:
        InputError: If the suffix is another, there is no frame, frames differ in size, or the disk is full.
    """
    if Path(path).suffix.lower() not in SUFFIXES:
        fail(f"video '{path}'", f"end in {', '.join(SUFFIXES)}", f"'{Path(path).suffix}'")
    with (
        atomic_write(path) as temporary,
        av.open(str(temporary), "w", container_options={"fflags": "+bitexact"}) as container,
    ):
        stream: av.VideoStream | None = None
        shape: tuple[int, ...] = ()
        for number, frame in enumerate(frames):
            if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3 or (shape and frame.shape != shape):
                must = f"be uint8 {list(shape) or '[H, W, 3]'}"
                fail(f"frame {number} of '{path}'", must, f"{frame.dtype} {list(frame.shape)}")
            if stream is None:
                shape = frame.shape
                stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
                stream.height = shape[0] + shape[0] % 2
                stream.width = shape[1] + shape[1] % 2
                stream.pix_fmt = "yuv420p"
                # one thread, and no mbtree, which reads uninitialised memory: else the bytes vary
                stream.options = {"crf": str(crf), "preset": "veryfast", "x264-params": "mbtree=0"}
                stream.codec_context.thread_count = 1
            even = np.pad(frame, ((0, shape[0] % 2), (0, shape[1] % 2), (0, 0)), mode="edge")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        if stream is None:
            fail(f"video '{path}'", "have frames", "none")
        container.mux(stream.encode(None))

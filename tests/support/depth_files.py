"""Depth files as sensors record them."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np


def write_depth_video(
    path: Path, pictures: np.ndarray, *, fps: int = 10, codec: str = "ffv1", pix_fmt: str = "gray16le"
) -> Path:
    """Write uint16 ``[T, H, W]`` without loss; with ``pix_fmt="gray"`` uint8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps)
        stream.height, stream.width, stream.pix_fmt = *pictures.shape[1:], pix_fmt
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format=pix_fmt)))
        container.mux(stream.encode(None))
    return path


def write_depth_folder(path: Path, pictures: np.ndarray) -> Path:
    """Write one PNG per picture, numbered without leading zeros."""
    path.mkdir(parents=True)
    for number, picture in enumerate(pictures):
        cv2.imwrite(str(path / f"depth_{number}.png"), picture)
    return path

"""Largest picture that is decoded: a header may claim any size."""

from __future__ import annotations

import os

MAX_PIXELS = 1 << 26
"""Pixels of the largest frame, picture or field of flow, twice those of 8K video."""


def limit_size() -> None:
    """Let OpenCV refuse larger pictures by their headers. It reads the variable when it is imported."""
    os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MAX_PIXELS))

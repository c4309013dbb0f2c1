"""NTU RGB+D 120; what is on disk and what is left out is told in ``fusion.datasets.ntu``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fusion.datasets.clip_files import Progress
from fusion.datasets.ntu import NTU120, prepare_ntu


def prepare_ntu120(source: Path, out: Path, *, dtype: str = "float32", progress: Progress = iter) -> dict[str, Any]:
    """Write the packed skeletons and the index; see :func:`fusion.datasets.ntu.prepare_ntu`."""
    return prepare_ntu(source, out, NTU120, dtype=dtype, progress=progress)

"""A small UTD-MHAD, shared by the tests of recordings and of windows."""

from __future__ import annotations

from pathlib import Path

import pytest
from skeleton_datasets import write_skeletons


@pytest.fixture
def utd(tmp_path: Path) -> Path:
    """Folder of one recording of each of the eight subjects."""
    rows = [{"id": f"a1_s{subject}_t1", "subject": f"s{subject}"} for subject in range(1, 9)]
    return write_skeletons(tmp_path / "utd", dataset="utd_mhad", layout="kinect20", rows=rows)

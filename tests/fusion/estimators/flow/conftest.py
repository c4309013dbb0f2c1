"""Three clips of MiniHome, shared by the tests of frame pairs and of true flow."""

from __future__ import annotations

from pathlib import Path

import pytest

from triad.fusion.datasets.minihome import ClipSpec, clip_record, write_clip
from triad.fusion.datasets.minihome.prepare import make_metainfo
from triad.fusion.index import write_index
from triad.modalities.atomic_files import write_json


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of three rendered clips: of subject 1, who trains, 4, who validates, and 2, whose true flow is stored."""
    out = tmp_path_factory.mktemp("home")
    clips = [ClipSpec(0, 12, subject, 1) for subject in ("s01", "s04", "s02")]
    for clip in clips:
        write_clip(clip, out)
    write_json(out / "minihome.json", {"version": 2, "seed": 0})
    write_index(out / "index.json", make_metainfo(0), [clip_record(clip) for clip in clips])
    return out

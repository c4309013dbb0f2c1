"""Another dataset is not overwritten, and extracted streams that a new index lacks are noted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from dataset_files import digest

from triad.fusion.datasets.minihome.prepare import prepare_minihome
from triad.fusion.datasets.writer import Recording, SkeletonSpec, write_dataset
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses


def prepare(out: Path, dataset: str) -> dict:
    poses = Poses(np.ones((1, 2, 15, 2), np.float32), np.ones((1, 2, 15), np.float32), "jhmdb15")
    recording = Recording("x", ({"id": "x", "label": 0},), skeleton=lambda: poses)
    metainfo = {"dataset": dataset, "classes": ["a"]}
    return write_dataset(out, [recording], metainfo=metainfo, skeletons=SkeletonSpec(layout="jhmdb15", fps=10.0))


def test_other_dataset_is_not_overwritten(tmp_path):
    prepare(tmp_path / "out", "florence3d")
    files = digest(tmp_path / "out")
    message = rf"'{tmp_path}/out' must hold '{{}}' or no dataset, got 'florence3d'; name another folder as OUT, or"
    with pytest.raises(InputError, match=message.format("ucf101")):
        prepare(tmp_path / "out", "ucf101")
    with pytest.raises(InputError, match=message.format("minihome")):
        prepare_minihome(tmp_path / "out", clips=1, seed=0)
    assert digest(tmp_path / "out") == files
    assert prepare(tmp_path / "out", "florence3d") == {"records": 1, "dropped": []}


@pytest.mark.parametrize("text", ["[]", "{", '{"metainfo": []}', '{"metainfo": {"dataset": "ucf101"}}'])
def test_unreadable_index_is_replaced(tmp_path, text):
    (tmp_path / "index.json").write_text(text)
    assert prepare(tmp_path, "florence3d") == {"records": 1, "dropped": []}
    assert load_index(tmp_path).dataset == "florence3d"


def test_missing_extracted_streams_are_noted(tmp_path):
    prepare(tmp_path, "toy")
    document = json.loads((tmp_path / "index.json").read_text())
    document["metainfo"]["streams"] |= {name: {"modality": "flow"} for name in ("flow_dis", "flow_gone")}
    (tmp_path / "index.json").write_text(json.dumps(document))
    (tmp_path / "flow_dis").mkdir()
    (tmp_path / "flow_dis/provenance.json").write_text("{}")
    command = f"triad extract {tmp_path} --status"
    note = f"flow_dis: not in the new index; `{command}` takes in what still fits its videos"
    assert prepare(tmp_path, "toy")["notes"] == [note]
    assert "notes" not in prepare(tmp_path, "toy")  # its index has them no more

"""ETRI-Activity3D from a tiny tree in its own format, and its protocol on the published persons."""

from __future__ import annotations

import skeleton_files as files
from dataset_files import write_clip

from triad.fusion.datasets.etri_activity3d import CLASSES, ETRI_ACTIVITY3D
from triad.fusion.index import load_index


def test_clips_of_a_tree(tmp_path):
    source = tmp_path / "s"
    names = {"A001_P003_G001_C001": 0, "A055_P001_G002_C008": 54, "A056_P001_G001_C001": None}
    for name in names:
        (source / "P001-P050").mkdir(parents=True, exist_ok=True)
        bodies = [(0,)] * 40
        (source / f"P001-P050/{name}.csv").write_bytes(files.etri(bodies))
    write_clip(source / "RGB/A001_P003_G001_C001.mp4", frames=40, fps=20)
    report = ETRI_ACTIVITY3D.prepare(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert {record["id"]: record["label"] for record in index.records} == {
        name: label for name, label in names.items() if label is not None
    }
    assert [index.records[1][field] for field in ("subject", "group", "camera")] == ["P001", "G002", "C008"]
    assert [ETRI_ACTIVITY3D.protocols["cross_subject"](record) for record in index.records] == ["test", "val"]
    assert index.records[0]["sources"]["skeleton"]["num"] == 40
    assert "is not named as the dataset's clips are" in report["dropped"][-1]["reason"]


def test_persons_of_protocol():
    """67 persons train and 33 test, half of them elderly."""
    protocol = ETRI_ACTIVITY3D.protocols["cross_subject"]
    splits = {number: protocol({"subject": f"P{number:03d}"}) for number in range(1, 101)}
    assert len(CLASSES) == len(set(CLASSES)) == 55
    assert [number for number in splits if splits[number] == "test"] == list(range(3, 100, 3))
    assert sum(split == "val" for split in splits.values()) == 14
    assert sum(splits[number] == "val" for number in range(1, 51)) == 8
    assert protocol({"subject": "P101"}) is None

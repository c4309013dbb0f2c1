"""A dataset whose file names say everything is prepared from its pattern."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.fusion.datasets.clip_preparer import ClipPreparer, numbered_fields
from triad.fusion.index import load_index
from triad.modalities.skeleton import Poses


def read(path: Path) -> Poses:
    num = len(path.read_text())
    return Poses(np.ones((1, num, 20, 3), np.float32), np.ones((1, num, 20), np.float32), "kinect20")


def test_numbered_fields():
    groups = {"action": "03", "subject": "2", "repetition": "04"}
    assert numbered_fields(groups) == {"label": 2, "subject": "s2", "repetition": 4}


def test_prepare(tmp_path):
    (tmp_path / "source").mkdir()
    for name in ("a1_s2_r1.txt", "a2_s1_r1.txt", "notes.txt"):
        (tmp_path / "source" / name).write_text("xxx")
    preparer = ClipPreparer(
        name="toy",
        classes=("sit", "stand"),
        source="nobody",
        pattern=r"a(?P<action>\d)_s(?P<subject>\d)_r(?P<repetition>\d)",
        file_names="a{A}_s{S}_r{R}.txt",
        skeleton=".txt",
        video=(),
        read=read,
        layout="kinect20",
        fps=10.0,
    )
    report = preparer.prepare(tmp_path / "source", tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert (report["records"], [entry["id"] for entry in report["dropped"]]) == (2, ["notes"])
    assert (index.dataset, index.classes, index.metainfo["source"]) == ("toy", ["sit", "stand"], "nobody")
    assert [(record["label"], record["subject"]) for record in index.records] == [(0, "s2"), (1, "s1")]
    assert index.records[0]["sources"]["skeleton"]["num"] == 3

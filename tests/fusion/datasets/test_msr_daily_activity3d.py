"""MSR DailyActivity3D from a tree with the published number of names."""

from __future__ import annotations

import skeleton_files as files

from triad.fusion.datasets import count_splits
from triad.fusion.datasets.dataset_check import summarize_dataset
from triad.fusion.datasets.msr_daily_activity3d import ACTIONS, MSR_DAILY_ACTIVITY3D
from triad.fusion.index import load_index


def test_published_counts(tmp_path):
    (tmp_path / "s").mkdir()
    content = files.msr_daily((1, 1))
    for action in range(1, 17):
        for subject in range(1, 11):
            for take in (1, 2):
                (tmp_path / f"s/a{action:02d}_s{subject:02d}_e{take:02d}_skeleton.txt").write_bytes(content)
    (tmp_path / "s/a01_s01_e01_depth.bin").write_bytes(b"not read")
    report = MSR_DAILY_ACTIVITY3D.prepare(tmp_path / "s", tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert (report["records"], report["dropped"], len(ACTIONS)) == (320, [], 16)
    assert summarize_dataset(index)["problems"] == []
    counts = count_splits(index.records, "msr_daily_activity3d")
    assert counts["cross_subject"] == {"train": 128, "val": 32, "test": 160}
    assert counts["leave_one_out:s10"] == {"train": 256, "val": 32, "test": 32}
    record = index.record("a16_s10_e02")
    assert (index.classes[record["label"]], record["subject"], record["repetition"]) == ("sit down", "s10", 2)

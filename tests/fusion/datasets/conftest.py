"""Fixture of a small dataset with all streams."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_dataset import FPS, FRAMES, NAMES, edit, make_poses, make_video, write_flow

from triad.fusion.datasets.registry import DATASETS, DatasetEntry
from triad.fusion.datasets.writer import Recording, SkeletonSpec, write_dataset


@pytest.fixture
def toy_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three clips with all streams, 0.8 seconds each."""
    monkeypatch.setitem(DATASETS, "toy", DatasetEntry("Toy", "toy_dataset"))
    out = tmp_path / "out"
    recordings = [
        Recording(
            name,
            ({"id": name, "label": 0},),
            make_video(out / f"videos/{name}.mp4"),
            lambda name=name: make_poses(name),
        )
        for name in NAMES
    ]
    skeletons = SkeletonSpec(layout="jhmdb15", fps=FPS, size=(24, 32))
    write_dataset(out, recordings, metainfo={"dataset": "toy", "classes": ["x"]}, skeletons=skeletons)

    def add_flow(records, metainfo):
        metainfo["streams"]["flow_dis"] = {"modality": "flow"}
        for name, record in records.items():
            write_flow(out / f"flow_dis/{name}.flow")
            entry = {"path": f"flow_dis/{name}.flow", "num": FRAMES - 1, "fps": FPS}
            record["sources"] = {"flow_dis": entry, **record["sources"]}  # not the first stream in the metainfo

    edit(out, add_flow)
    return out

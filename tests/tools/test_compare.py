"""The command compare: trainings, table and continuation."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPTIONS = (
    *("streams.rgb.num_frames=8", "streams.rgb.transform.size=(32,32)", "streams.skeleton.num_frames=8"),
    *("train_dataloader.num_workers=0", "train_dataloader.persistent_workers=False", "test_dataloader.num_workers=0"),
)


def test_comparison_is_written_and_continued(command, tiny, tmp_path):
    leaves = [ROOT / f"configs/fusion/{name}_minihome.py" for name in ("late_fusion", "separable_sta")]
    arguments = ["--data", tiny, "--out", tmp_path / "out", "--epochs", "1", "--frozen", "--cfg-options", *OPTIONS]
    code, _, err = command("compare.py", *leaves[:1], *arguments)
    assert code == 0, err
    first = (tmp_path / "out/late_fusion_minihome/seed0/test.npz").stat().st_mtime_ns
    code, out, err = command("compare.py", *leaves, *arguments)
    assert code == 0, err
    assert "separable_sta_minihome" in out
    document = json.loads((tmp_path / "out/comparison.json").read_text())
    names = [row["name"] for row in document["rows"]]
    assert names[:2] == ["rgb", "skeleton"]
    assert names[-2:] == ["late_fusion_minihome", "separable_sta_minihome"]
    assert (tmp_path / "out/late_fusion_minihome/seed0/test.npz").stat().st_mtime_ns == first


def test_equal_names_are_refused(command, tiny, tmp_path):
    leaf = ROOT / "configs/fusion/late_fusion_minihome.py"
    code, _, err = command("compare.py", leaf, leaf, "--data", tiny, "--out", tmp_path)
    assert code == 2
    assert "every config must have a name of its own" in err


def test_missing_config_shows_before_training(command, tiny, tmp_path):
    leaf = ROOT / "configs/fusion/late_fusion_minihome.py"
    code, _, err = command("compare.py", leaf, tmp_path / "none.py", "--data", tiny, "--out", tmp_path / "out")
    assert code == 1
    assert "config must be a file" in err
    assert not (tmp_path / "out").exists()

"""The command ablate --robustness on two untrained models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from triad.fusion.training.config import build_config
from triad.modalities.registry import MODELS

CONFIGS = Path(__file__).parents[2] / "configs/fusion"
OPTIONS = (
    *("streams.rgb.num_frames=4", "streams.rgb.transform.size=(32,32)", "streams.skeleton.num_frames=4"),
    "test_dataloader.num_workers=0",
)
NAMES = ("late_fusion_minihome", "separable_sta_minihome")


def save_models(tiny: Path, folder: Path) -> list[Path]:
    """Return config and checkpoint of two untrained models, one after the other."""
    paths = []
    for name in NAMES:
        torch.manual_seed(0)
        config = build_config(CONFIGS / f"{name}.py", options=OPTIONS, data=tiny)
        torch.save({"state_dict": MODELS.build(config.model).state_dict()}, folder / f"{name}.pth")
        paths += [CONFIGS / f"{name}.py", folder / f"{name}.pth"]
    return paths


def test_curves_are_written(command, tiny: Path, tmp_path: Path):
    inputs = save_models(tiny, tmp_path)
    code, out, err = command(
        "ablate.py", "--robustness", *inputs, "--data", tiny, "--out", tmp_path, "--cfg-options", *OPTIONS
    )
    assert code == 0, err
    assert "skeleton absent" in out
    document = json.loads((tmp_path / "robustness.json").read_text())
    assert document["models"] == list(NAMES)
    rows = {(row["model"], row["corruption"], row["amount"]): row for row in document["rows"]}
    clean = rows[NAMES[0], "clean", None]
    assert clean["difference"] == 0
    hidden = rows[NAMES[0], "skeleton absent", 1.0]
    assert hidden["difference"] == pytest.approx(hidden["mean_class_accuracy"] - clean["mean_class_accuracy"])
    assert rows[NAMES[1], "rgb absent", 1.0]["mean_class_accuracy"] == pytest.approx(1 / 3)  # without a head: a guess
    assert (tmp_path / "robustness.png").read_bytes().startswith(b"\x89PNG")


def test_predictions_are_refused(command, tmp_path: Path):
    code, _, err = command("ablate.py", "--robustness", "test.npz", "--out", tmp_path)
    assert code == 2
    assert "--robustness takes CONFIG CHECKPOINT, once a model, and no predictions" in err

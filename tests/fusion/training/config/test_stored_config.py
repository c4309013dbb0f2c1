"""Configs that checkpoints carry: every shipped one comes back as it was, without a file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from triad.fusion.training.config import build_config, restore_config, store_config
from triad.fusion.training.zoo import find_leaves

ROOT = Path(__file__).resolve().parents[4]
LEAVES = find_leaves(ROOT / "configs")


def plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.items()}
    return [plain(value) for value in node] if isinstance(node, list | tuple) else node


def through_a_file(stored: Any) -> Any:
    file = io.BytesIO()
    torch.save(stored, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def check(path: Path) -> None:
    config = build_config(path)
    stored = store_config(config)
    assert stored is not None, path
    restored = build_config(restore_config(through_a_file(stored), "epoch_1.pth"))
    assert plain(restored.streams) == plain(config.streams), path
    model = {key: value for key, value in config.model.items() if key != "pretrained"}
    assert plain(dict(restored.model)) == plain(model), path
    dataset, tested = (built.test_dataloader["dataset"] for built in (restored, config))
    assert plain(dataset["temporal_sampler"]) == plain(tested["temporal_sampler"]), path
    assert plain(dataset.get("crop_views")) == plain(tested.get("crop_views")), path


@pytest.mark.parametrize("path", LEAVES[::12], ids=lambda path: path.stem)
def test_shipped_config_returns(path):
    check(path)


@pytest.mark.slow
def test_every_shipped_config_returns():
    for path in LEAVES:
        check(path)


def test_foreign_class_is_not_stored():
    config = build_config(ROOT / "configs/rgb/r2plus1d_small_minihome.py")
    config.streams["rgb"]["encoder"] = {"type": nn.Conv2d}
    assert store_config(config) is None

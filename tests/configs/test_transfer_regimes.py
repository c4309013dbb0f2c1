"""The transfer regimes of Karpathy et al. 2014, Table 3, are options of one leaf."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from triad.fusion.training.config import build_config
from triad.modalities.registry import MODELS

LEAF = Path(__file__).resolve().parents[2] / "configs/rgb/r2plus1d_18_jhmdb.py"
HEAD = 513 * 14
RATES = "{'custom_keys': {'rgb.layers.0': {'lr_mult': 0.1}, 'rgb.layers.1': {'lr_mult': 0.3}}}"


@pytest.mark.parametrize(
    ("options", "trained_stages"),
    [
        ([], {0, 1, 2, 3, 4}),
        (["model.frozen=('rgb',)"], set()),
        (["model.frozen_stages={'rgb': 3}"], {3, 4}),
        ([f"optim_wrapper.paramwise_cfg={RATES}"], {0, 1, 2, 3, 4}),
    ],
    ids=["scratch", "top layer", "top three", "all"],
)
def test_regime_trains_its_layers(options: list[str], trained_stages: set[int]):
    config = build_config(LEAF, options=options)
    with torch.device("meta"):
        model = MODELS.build(config.model)
    stages = model.encoders["rgb"].layers
    expected = sum(parameter.numel() for number in trained_stages for parameter in stages[number].parameters())
    assert sum(p.numel() for p in model.parameters() if p.requires_grad) == expected + HEAD


def test_docstring_names_the_regimes():
    text = " ".join(LEAF.read_text("utf-8").split())
    assert "\"model.frozen=('rgb',)\"" in text
    assert "\"model.frozen_stages={'rgb': 3}\"" in text
    assert f"optim_wrapper.paramwise_cfg= {RATES}" in text

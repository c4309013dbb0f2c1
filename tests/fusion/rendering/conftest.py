"""A small model with separable attention on the tiny dataset, which explanations are tested on."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from triad.fusion.training.config import build_config
from triad.modalities.registry import MODELS

STA_CONFIG = Path(__file__).parents[3] / "configs/fusion/separable_sta_minihome_two_heads.py"
STA_OPTIONS = (
    "streams.rgb.num_frames=8",
    "streams.rgb.transform.size=(32, 32)",
    "streams.skeleton.num_frames=8",
)


@pytest.fixture(scope="module")
def sta_model(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, tuple[str, ...]]:
    """Config, checkpoint and options of an untrained model."""
    torch.manual_seed(0)
    settings = build_config(STA_CONFIG, options=STA_OPTIONS, data=tiny)
    path = tmp_path_factory.mktemp("sta") / "sta.pth"
    torch.save({"state_dict": MODELS.build(settings.model).state_dict()}, path)
    return STA_CONFIG, path, STA_OPTIONS

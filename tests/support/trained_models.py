"""Recognizers as training leaves them, without training: weights at random, in a checkpoint that says what they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from fusion.index.index import load_index
from fusion.index.stream_sources import source_of
from fusion.inference.loaded_model import LoadedModel, load_for_inference
from fusion.training.config import build_config
from fusion.training.config.layouts import fit_layout
from modalities.registry import MODELS

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"


def untrained(folder: Path, config: Path, data: Path, options: Sequence[str] = ()) -> LoadedModel:
    """A model of a shipped config for the classes and layouts of a dataset, as read from its checkpoint."""
    torch.manual_seed(0)
    metainfo = load_index(data).metainfo
    settings = build_config(config, options=options)
    settings.model["num_classes"] = len(metainfo["classes"])
    layouts: dict[str, Any] = {}
    for name, stream in settings.streams.items():
        layout = metainfo["streams"].get(source_of(name, stream), {}).get("layout")
        if layout is not None:
            fit_layout(name, stream, layout)
            layouts[name] = layout
    model = MODELS.build(settings.model)
    for module in model.modules():
        if getattr(module, "running_mean", None) is not None:
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    for parameter in model.parameters():
        if not parameter.any():  # what starts at zero would hide what it multiplies
            nn.init.normal_(parameter, std=0.1)
    meta = {"dataset_meta": metainfo, "layouts": layouts, "clips": {"median": 1.0, "longest": 1.0}}
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"state_dict": model.state_dict(), "meta": meta}, folder / "epoch_1.pth")
    return load_for_inference(folder / "epoch_1.pth", config, options)

"""Recognizers as training leaves them, with random weights, and their scores as ``test`` computes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from triad.fusion.data import ActionDataset, collate
from triad.fusion.index import load_index, source_of
from triad.fusion.inference.loaded_model import LoadedModel, load_for_inference
from triad.fusion.inference.onnx_check import TOLERANCE
from triad.fusion.training.config import build_config, store_config
from triad.fusion.training.config.layouts import fit_layout
from triad.modalities.registry import MODELS

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
FEW_FRAMES = ["streams.skeleton.num_frames=12"]
NARROW_SKELETON = [*FEW_FRAMES, "streams.skeleton.encoder.widths=(16,32)"]


def small_video(stream: str) -> list[str]:
    """Return options that make the video network of a stream small."""
    prefix = f"streams.{stream}.encoder"
    return [f"{prefix}.widths=(16,32)", f"{prefix}.depths=(1,1)", f"{prefix}.temporal_strides=(1,2)"]


def load_untrained(folder: Path, config: Path, data: Path, options: Sequence[str] = ()) -> LoadedModel:
    """Return a model of a shipped config for the classes and layouts of a dataset, loaded from a checkpoint.

    Args:
        folder: folder of the checkpoint to write.
        config: path of the config.
        data: folder of the dataset.
        options: changes of the config.
    """
    torch.manual_seed(0)
    metainfo = load_index(data).metainfo
    built = build_config(config, options=options)
    built.model["num_classes"] = len(metainfo["classes"])
    layouts: dict[str, Any] = {}
    for name, stream in built.streams.items():
        layout = metainfo["streams"].get(source_of(name, stream), {}).get("layout")
        if layout is not None:
            fit_layout(name, stream, layout)
            layouts[name] = layout
    model = MODELS.build(built.model)
    for module in model.modules():
        if getattr(module, "running_mean", None) is not None:
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    for parameter in model.parameters():
        if not parameter.any():  # a parameter of zeros would hide what it multiplies
            nn.init.normal_(parameter, std=0.1)
    meta = {"dataset_meta": metainfo, "layouts": layouts, "clips": {"median": 1.0, "longest": 1.0}}
    meta["model_config"] = store_config(built)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"state_dict": model.state_dict(), "meta": meta}, folder / "epoch_1.pth")
    return load_for_inference(folder / "epoch_1.pth", config, options)


def load_batch(loaded: LoadedModel, data: Path, num_samples: int = 3) -> dict[str, Any]:
    """Return the first records of the test split, as ``test`` batches them."""
    dataset_config = loaded.config.test_dataloader["dataset"]
    keys = ("streams", "temporal_sampler", "crop_views", "seed")
    options = {key: dataset_config[key] for key in keys if key in dataset_config}
    dataset = ActionDataset(index=data, protocol="cross_subject", split="test", **options)
    return collate([dataset[row] for row in range(num_samples)])


def compute_scores(loaded: LoadedModel, batch: dict[str, Any]) -> dict[str, np.ndarray]:
    """Return the scores that ``test`` writes, 0 where a sample lacks the stream."""
    model = loaded.recognizer
    with torch.no_grad():
        rows = model(**model.data_preprocessor(batch, False), mode="predict")
    absent = {"score": np.zeros(len(loaded.classes))}
    scores = {name: np.stack([row["streams"].get(name, absent)["score"] for row in rows]) for name in model.streams}
    return scores | ({"fused": np.stack([row["fused"] for row in rows])} if len(scores) > 1 else {})


def assert_same_scores(actual: Mapping[str, np.ndarray], expected: Mapping[str, np.ndarray]) -> None:
    """Check that scores agree, and that they differ from class to class far more than the tolerance."""
    assert list(actual) == list(expected)
    for name, scores in expected.items():
        assert np.ptp(scores) > 100 * TOLERANCE, name
        np.testing.assert_allclose(actual[name], scores, rtol=0, atol=TOLERANCE)

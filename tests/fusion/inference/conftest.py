"""Shared models of prediction: an exported one of two streams, and one that scores the brightness of a video."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from trained_models import CONFIGS, NARROW_SKELETON, load_untrained, small_video

from triad.fusion.data import TemporalSampler
from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.fusion.inference.loaded_model import LoadedModel
from triad.fusion.inference.onnx_export import export
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.video import write_video


class ExportedModel(NamedTuple):
    """A model, the file that it was exported to, and the description that the export returned."""

    loaded: LoadedModel
    path: Path
    document: dict[str, Any]


@pytest.fixture(scope="session")
def exported(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> ExportedModel:
    folder = tmp_path_factory.mktemp("sta")
    options = [*small_video("rgb"), *NARROW_SKELETON]
    loaded = load_untrained(folder, CONFIGS / "fusion/separable_sta_minihome_two_heads.py", tiny, options)
    return ExportedModel(loaded, folder / "sta.onnx", export(loaded, folder / "sta.onnx"))


def mean_brightness(batch: dict[str, Any]) -> dict[str, np.ndarray]:
    brightness = batch["rgb"]["data"].float().mean((1, 2, 3, 4)).numpy() / 255
    return {"rgb": np.stack([brightness, 1 - brightness], axis=1).astype(np.float32)}


@pytest.fixture
def brightness_ensemble() -> ModelEnsemble:
    """An ensemble of one model that tells bright from dark."""
    inputs = {"rgb": StreamInput(RgbReader(frame_size=(32, 48)), 2, "rgb")}
    return ModelEnsemble([Model("m", mean_brightness, ("bright", "dark"), inputs, TemporalSampler())])


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """A second of black frames, then a second of white ones."""
    frames = [np.full((32, 48, 3), 255 * (number >= 10), np.uint8) for number in range(20)]
    write_video(tmp_path / "v.mp4", frames, fps=10)
    return tmp_path / "v.mp4"

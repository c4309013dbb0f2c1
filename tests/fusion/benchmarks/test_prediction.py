"""Rates of the stages of prediction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.benchmarks.prediction import measure_prediction
from triad.fusion.data import TemporalSampler
from triad.fusion.inference import Predictor
from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.video import write_video


def score_all_alike(batch: dict[str, Any]) -> dict[str, np.ndarray]:
    return {"rgb": np.zeros((len(batch["rgb"]["data"]), 2), np.float32)}


def test_stages_are_timed(tmp_path: Path):
    video = tmp_path / "v.mp4"
    write_video(video, [np.full((32, 48, 3), 10 * number, np.uint8) for number in range(20)], fps=10)
    inputs = {"rgb": StreamInput(RgbReader(frame_size=(32, 48)), 2, "rgb")}
    model = Model("m", score_all_alike, ("left", "right"), inputs, TemporalSampler())
    predictor = Predictor(ModelEnsemble([model]), window=1.0)
    whole, *stages = measure_prediction("rgb", "cpu", predictor, [video, video])
    assert whole.name == "rgb: predict, all stages"
    assert "2 videos, 40 frames" in whole.note
    assert {stage.name for stage in stages} >= {"rgb: predict, decode", "rgb: predict, network"}
    assert all(stage.ours > 0 for stage in stages)

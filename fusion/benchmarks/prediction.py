"""Frames per second of prediction with a trained model, by stage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.timing import measure_seconds
from triad.fusion.inference import Predictor, VideoPrediction
from triad.modalities.stopwatch import sum_seconds

REAL_TIME = 30.0
"""Frames per second of the reference."""


def measure_prediction(name: str, device: str, predictor: Predictor, videos: Sequence[Path]) -> list[BenchmarkResult]:
    """Predict the windows of videos.

    Args:
        name: name of the model.
        device: name of the device.
        predictor: the model.
        videos: paths of the videos, of which the first is predicted once before the time is taken.

    Returns:
        The rate of all stages together, some of which run beside others, and of each.
    """
    predictor.predict(videos[0])
    predictions: list[VideoPrediction] = []
    seconds = measure_seconds(lambda: predictions.extend(predictor.predict_all(videos)))
    num_frames = sum(prediction.num_frames for prediction in predictions)
    stages = sum_seconds(*(prediction.stopwatch for prediction in predictions))
    note = f"{len(videos)} videos, {num_frames} frames; reference: real time"
    return [
        BenchmarkResult(
            f"{name}: predict, {stage}", device, num_frames / max(stage_seconds, 1e-9), REAL_TIME, "frames/s", note=note
        )
        for stage, stage_seconds in {"all stages": seconds, **stages}.items()
    ]

"""Result files of a prediction: labels over time as JSON and CSV, and all scores as a predictions file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.inference.ensemble import WindowPrediction
from triad.fusion.inference.timeline import segments_from_windows
from triad.fusion.inference.video_prediction import VideoPrediction
from triad.fusion.predictions import FUSED, Predictions
from triad.modalities.atomic_files import atomic_write, write_json
from triad.modalities.checks import fail

NUM_TOP_CLASSES = 5
LABELS_JSON = "labels.json"
LABELS_CSV = "labels.csv"
PREDICTIONS_FILE = "predictions.npz"


def write_outputs(prediction: VideoPrediction, folder: Path) -> None:
    """Write ``labels.json``, ``labels.csv`` and ``predictions.npz`` into a folder, each whole or not at all."""
    write_json(folder / LABELS_JSON, build_document(prediction))
    with atomic_write(folder / LABELS_CSV) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        _write_table(csv.writer(file), prediction)
    if prediction.windows:
        stack_windows(prediction).save(folder / PREDICTIONS_FILE)


def build_document(prediction: VideoPrediction) -> dict[str, Any]:
    """Return the content of ``labels.json``: labels over time, models, windows, speed and notes."""
    ensemble = prediction.ensemble
    classes = ensemble.classes
    height, width = prediction.clock.size_hw or (0, 0)
    document = {
        "video": {
            "path": prediction.path,
            "frames": prediction.num_frames,
            "fps": prediction.fps,
            "height": height,
            "width": width,
        },
        "models": [{"name": model.name, "streams": list(model.inputs)} for model in ensemble.models],
        "fusion": ensemble.fusion_settings,
        "classes": list(classes),
        "window": {"seconds": prediction.sliding_window.length, "stride": prediction.sliding_window.stride},
        "windows": [window_row(window, classes) for window in prediction.windows],
        "segments": [
            {
                "start": round(segment.start, 4),
                "end": round(segment.end, 4),
                "label": classes[segment.label],
                "probability": round(segment.probability, 4),
            }
            for segment in segments_from_windows(prediction.windows)
        ],
        "stages": measure_stages(prediction),
        "notes": prediction.notes,
    }
    if prediction.alerts is not None:
        document["alerts"] = [alert.to_json() for alert in prediction.alerts]
    if prediction.dropped_frames or prediction.skipped_windows:
        document["live"] = {"dropped": prediction.dropped_frames, "skipped": prediction.skipped_windows}
    return document


def stack_windows(prediction: VideoPrediction) -> Predictions:
    """Return the scores of all windows, one row a window; ids are the numbers of the windows.

    Raises:
        InputError: If there is no window.
    """
    rows = [window.predictions for window in prediction.windows]
    if not rows:
        fail("prediction", "have a window", "none")
    digits = len(str(len(rows) - 1))
    first = rows[0]
    return replace(
        first,
        ids=np.array([f"{number:0{digits}d}" for number in range(len(rows))]),
        labels=np.concatenate([row.labels for row in rows]),
        scores={name: np.concatenate([row.scores[name] for row in rows]) for name in first.scores},
        present={name: np.concatenate([row.present[name] for row in rows]) for name in first.scores},
        spans=np.array([window.span for window in prediction.windows]),
        meta={"video": prediction.path},
    )


def measure_stages(prediction: VideoPrediction) -> dict[str, dict[str, float]]:
    """Return seconds and video frames per second of each stage, and milliseconds per window of the network."""
    stages = {
        name: {"seconds": round(seconds, 4), "frames_per_second": round(prediction.num_frames / max(seconds, 1e-9), 2)}
        for name, seconds in prediction.stopwatch.seconds.items()
    }
    if "network" in stages and prediction.windows:
        milliseconds = 1000 * prediction.stopwatch.seconds["network"] / len(prediction.windows)
        stages["network"]["milliseconds_per_window"] = round(milliseconds, 2)
    return stages


def _write_table(table: Any, prediction: VideoPrediction) -> None:
    ensemble = prediction.ensemble
    streams = ensemble.streams if len(ensemble.streams) > 1 else ()
    table.writerow(["start", "end", "label", "probability", *streams])
    for window in prediction.windows:
        probabilities = window.probabilities
        label = ensemble.classes[probabilities.argmax()]
        stream_labels = [_stream_label(window, stream) for stream in streams]
        table.writerow([*_rounded_span(window), label, f"{probabilities.max():.4f}", *stream_labels])


def window_row(window: WindowPrediction, classes: Sequence[str]) -> dict[str, Any]:
    """Return a window with its likeliest classes, of each stream too where there are several, as JSON values."""
    start, end = _rounded_span(window)
    row: dict[str, Any] = {"start": start, "end": end, **_top_classes(window.probabilities, classes)}
    if FUSED in window.predictions.scores:
        present = window.predictions.present
        row["streams"] = {
            stream: _top_classes(window.probabilities_of(stream), classes) if present[stream][0] else None
            for stream in window.predictions.streams
        }
    return row


def _top_classes(probabilities: np.ndarray, classes: Sequence[str]) -> dict[str, Any]:
    order = np.argsort(-probabilities, kind="stable")[:NUM_TOP_CLASSES]
    top = [{"label": classes[index], "probability": round(float(probabilities[index]), 4)} for index in order]
    return {**top[0], "top": top}


def _stream_label(window: WindowPrediction, stream: str) -> str:
    if not window.predictions.present[stream][0]:
        return ""
    return window.predictions.classes[int(window.probabilities_of(stream).argmax())]


def _rounded_span(window: WindowPrediction) -> list[float]:
    return [round(edge, 4) for edge in window.span]

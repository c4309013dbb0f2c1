"""What prediction leaves behind: labels over time as JSON and CSV, every score as a predictions file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fusion.inference.ensemble import WindowPrediction
from fusion.inference.predictor import Prediction
from fusion.inference.timeline import segments_of
from fusion.predictions import FUSED, Predictions
from modalities.atomic_files import atomic_write, write_json
from modalities.checks import fail

TOP = 5
LABELS, TABLE, SCORES, FILM = "labels.json", "labels.csv", "predictions.npz", "annotated.mp4"


def write_outputs(prediction: Prediction, folder: Path) -> None:
    """Write ``labels.json``, ``labels.csv`` and ``predictions.npz`` into a folder, each whole or not at all."""
    write_json(folder / LABELS, document_of(prediction))
    classes = prediction.panel.classes
    with atomic_write(folder / TABLE) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        streams = prediction.panel.streams if len(prediction.panel.streams) > 1 else ()
        table.writerow(["start", "end", "label", "probability", *streams])
        for answer in prediction.answers:
            share = answer.shares
            own = [_label_by(answer, stream) for stream in streams]
            table.writerow([*_seconds(answer), classes[share.argmax()], f"{share.max():.4f}", *own])
    if prediction.answers:
        together(prediction).save(folder / SCORES)


def document_of(prediction: Prediction) -> dict[str, Any]:
    """Everything about a prediction as JSON can say it; scores are in the predictions file."""
    panel, classes = prediction.panel, prediction.panel.classes
    height, width = prediction.clock.size_hw or (0, 0)
    document = {
        "video": {
            "path": prediction.path,
            "frames": prediction.frames,
            "fps": prediction.fps,
            "height": height,
            "width": width,
        },
        "models": [{"name": model.name, "streams": list(model.readings)} for model in panel.models],
        "fusion": panel.fused_by,
        "classes": list(classes),
        "window": {"seconds": prediction.sliding.length, "stride": prediction.sliding.stride},
        "windows": [_row(answer, classes) for answer in prediction.answers],
        "segments": [
            {
                "start": round(each.start, 4),
                "end": round(each.end, 4),
                "label": classes[each.label],
                "probability": round(each.share, 4),
            }
            for each in segments_of(prediction.answers)
        ],
        "stages": stages_of(prediction),
        "notes": prediction.notes,
    }
    if prediction.dropped or prediction.skipped:
        document["live"] = {"dropped": prediction.dropped, "skipped": prediction.skipped}
    return document


def together(prediction: Prediction) -> Predictions:
    """All windows as one set of predictions; ids are the windows' numbers.

    Raises:
        InputError: if there is no window.
    """
    rows = [answer.predictions for answer in prediction.answers]
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
        spans=np.array([answer.span for answer in prediction.answers]),
        meta={"video": prediction.path},
    )


def stages_of(prediction: Prediction) -> dict[str, dict[str, float]]:
    """Seconds that each stage took, frames of the video a second of it, and milliseconds a window for the network."""
    stages = {
        name: {"seconds": round(seconds, 4), "frames_per_second": round(prediction.frames / max(seconds, 1e-9), 2)}
        for name, seconds in prediction.watch.seconds.items()
    }
    if "network" in stages and prediction.answers:
        took = 1000 * prediction.watch.seconds["network"] / len(prediction.answers)
        stages["network"]["milliseconds_per_window"] = round(took, 2)
    return stages


def _row(answer: WindowPrediction, classes: Sequence[str]) -> dict[str, Any]:
    start, end = _seconds(answer)
    row: dict[str, Any] = {"start": start, "end": end, **_top(answer.shares, classes)}
    if FUSED in answer.predictions.scores:
        present = answer.predictions.present
        row["streams"] = {
            stream: _top(answer.shares_of(stream), classes) if present[stream][0] else None
            for stream in answer.predictions.streams
        }
    return row


def _top(shares: np.ndarray, classes: Sequence[str]) -> dict[str, Any]:
    order = np.argsort(-shares, kind="stable")[:TOP]
    top = [{"label": classes[index], "probability": round(float(shares[index]), 4)} for index in order]
    return {**top[0], "top": top}


def _label_by(answer: WindowPrediction, stream: str) -> str:
    if not answer.predictions.present[stream][0]:
        return ""
    return answer.predictions.classes[int(answer.shares_of(stream).argmax())]


def _seconds(answer: WindowPrediction) -> list[float]:
    return [round(edge, 4) for edge in answer.span]

"""Prepared dataset of long videos, bright, dark or grey by turns, with the splits of TSU, and a model of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.data import TemporalSampler
from triad.fusion.index import load_index, write_index
from triad.fusion.inference import Model, StreamInput
from triad.modalities.features import StoredFeatures, write_features
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.seeding import derive_rng
from triad.modalities.video import write_video

FPS = 10.0
CLASSES = ("bright", "dark")
VIDEOS = {  # letters are half seconds: bright, dark, grey
    "P03T01C01": "bbbbddddgggg",
    "P19T01C01": "ggggbbbbdddd",
    "P02T01C01": "bbbbggggdddd",
    "P10T01C01": "ddddddbbbbbb",
    "P11T01C01": "ggddddggbbbb",
}
GREY = {"b": 240, "d": 15, "g": 128}


def segments_of(plan: str) -> list[tuple[float, float, int]]:
    """Return start, end and class of each bright or dark segment of a plan."""
    segments: list[tuple[float, float, int]] = []
    for number, letter in enumerate(plan):
        label = "bd".find(letter)
        start, end = number / 2, (number + 1) / 2
        if label >= 0 and segments and segments[-1][1:] == (start, label):
            segments[-1] = (segments[-1][0], end, label)
        elif label >= 0:
            segments.append((start, end, label))
    return segments


def record_of(name: str, number: int, segment: Sequence[Any], num_frames: int) -> dict[str, Any]:
    """Return the record of a segment of a video."""
    start, end, label = segment
    source = {"path": f"{name}.mp4", "num": num_frames, "fps": FPS}
    person = {"subject": name[:3], "camera": name[6:], "source_video": name}
    clip = {"video": f"{name}.mp4", "num_frames": num_frames, "fps": FPS, "sources": {"rgb": source}}
    return {"id": f"{name}_{number:04d}", "label": label, **person, **clip, "start": start, "end": end}


def write_untrimmed(
    out: Path, plans: Mapping[str, str] = VIDEOS, extra: Mapping[str, Sequence[Sequence[Any]]] | None = None
) -> Path:
    """Write videos and index; ``extra`` adds segments to those that the pictures show."""
    records = []
    for name, plan in plans.items():
        frames = [np.full((32, 48, 3), GREY[letter], np.uint8) for letter in plan for _ in range(5)]
        write_video(out / f"{name}.mp4", frames, fps=FPS)
        segments = [*segments_of(plan), *(extra or {}).get(name, ())]
        records += [record_of(name, number, segment, len(frames)) for number, segment in enumerate(segments)]
    metainfo = {"dataset": "tsu", "classes": list(CLASSES), "streams": {"rgb": {"modality": "rgb"}}}
    metainfo["durations"] = {name: len(plan) / 2 for name, plan in plans.items()}
    write_index(out / "index.json", metainfo, records)
    return out


def add_features(out: Path, stream: str, *, step: float = 0.25, noise: float = 0.1) -> None:
    """Add a stream of two numbers a step, bright and dark, to the index of long videos."""
    index = load_index(out)
    for record in index.records:
        name = record["source_video"]
        num = round(index.metainfo["durations"][name] / step)
        times = (np.arange(num) + 0.5) * step
        grey = np.array([GREY[VIDEOS[name][int(2 * time)]] for time in times])
        data = np.stack([grey > 200, grey < 50], axis=1) + noise * derive_rng(name, stream).standard_normal((num, 2))
        features = StoredFeatures(data.astype(np.float32), np.ones(num, bool), step, record["num_frames"], {})
        write_features(out / stream / f"{name}.npz", features)
        record["sources"][stream] = {"path": f"{stream}/{name}.npz", "num": num, "fps": 1 / step}
    streams = {**index.metainfo["streams"], stream: {"modality": "features", "channels": 2}}
    write_index(out / "index.json", {**index.metainfo, "streams": streams}, index.records)


def brightness_model(classes: tuple[str, ...] = CLASSES) -> Model:
    """Return a model that tells bright from dark; further classes have low scores."""

    def network(batch: dict[str, Any]) -> dict[str, np.ndarray]:
        brightness = batch["rgb"]["data"].float().mean((1, 2, 3, 4)).numpy() / 255 - 0.5
        scores = [8 * brightness, -8 * brightness, *[np.full_like(brightness, -9)] * (len(classes) - 2)]
        return {"rgb": np.stack(scores, axis=1).astype(np.float32)}

    inputs = {"rgb": StreamInput(RgbReader(frame_size=(32, 48)), 2, "rgb")}
    return Model("m", network, classes, inputs, TemporalSampler())

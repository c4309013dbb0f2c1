"""Clips as real sensors give them train and test: one frame, joints lost, a person who comes late; NaN is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config

from fusion.index.index import write_index
from fusion.training.config import build_config
from fusion.training.runner import build_runner, evaluate
from modalities.checks import InputError
from modalities.skeleton.pose_store import PoseStore
from modalities.skeleton.pose_store_writer import write_store
from modalities.skeleton.poses import Poses

ROOT = Path(__file__).parents[3]
LAYOUT, JOINTS = "kinect20", 20


def body(rng: np.random.Generator, *, persons: int = 1, num: int = 12) -> tuple[np.ndarray, np.ndarray]:
    points = rng.normal(0, 0.5, (persons, num, JOINTS, 3)).astype(np.float32)
    return points, np.ones(points.shape[:3], np.float32)


def one_frame(rng: np.random.Generator) -> Poses:
    return Poses(*body(rng, num=1), LAYOUT)


def frames_without_joints(rng: np.random.Generator) -> Poses:
    points, scores = body(rng)
    scores[:, 3:7] = 0
    return Poses(points * (scores > 0)[..., None], scores, LAYOUT)


def nobody_at_all(rng: np.random.Generator) -> Poses:
    points, scores = body(rng)
    return Poses(0 * points, 0 * scores, LAYOUT)


def late_person(rng: np.random.Generator) -> Poses:
    points, scores = body(rng, persons=2)
    scores[1, :6] = 0
    return Poses(points * (scores > 0)[..., None], scores, LAYOUT)


ODD = (one_frame, frames_without_joints, nobody_at_all, late_person)


def prepare(out: Path) -> Path:
    """Every odd clip of every person of MiniHome's protocol."""
    records = []
    with write_store(out / "skeleton.safetensors", layout=LAYOUT) as store:
        for person in range(1, 21):
            for label, make in enumerate(ODD):
                name = f"{make.__name__}_s{person:02d}"
                poses = make(np.random.default_rng([label, person]))
                source = {"path": "skeleton.safetensors", "clip": store.add(name, poses), "num": poses.num, "fps": 30.0}
                who = {"subject": f"s{person:02d}", "camera": "c1"}
                records.append({"id": name, "label": label, "sources": {"skeleton": source}, **who})
    streams = {"skeleton": {"modality": "skeleton", "layout": LAYOUT, "channels": 3}}
    metainfo = {"dataset": "minihome", "classes": [make.__name__ for make in ODD], "streams": streams}
    write_index(out / "index.json", metainfo, records)
    return out


def settings(data: Path, work: Path) -> Config:
    alone = ("train_dataloader.num_workers=0", "train_dataloader.persistent_workers=False")
    rest = ("val_dataloader.num_workers=0", "test_dataloader.num_workers=0", "train_dataloader.batch_size=4")
    options = (*alone, *rest, "data.protocol=cross_subject")
    config = build_config(ROOT / "configs/skeleton/stgcnpp_utd_mhad.py", options=options, data=data)
    config.work_dir = str(work)
    config.streams.skeleton["encoder"].update(widths=(16, 32))
    config.train_cfg.update(max_epochs=1, val_interval=1)
    return config


def test_they_train_and_test_without_a_nan(tmp_path):
    config = settings(prepare(tmp_path / "data"), tmp_path / "work")
    runner = build_runner(config)
    losses: list[float] = []
    step = runner.model.train_step

    def watched(*args, **kwargs):
        found = step(*args, **kwargs)
        losses.append(float(found["loss"].detach()))
        return found

    runner.model.train_step = watched
    runner.train()
    assert len(losses) == 36 // 4 + (36 % 4 > 0)  # 9 people train
    assert np.isfinite(losses).all()
    assert all(torch.isfinite(value).all() for value in runner.model.state_dict().values())
    predictions = evaluate(config, tmp_path / "work", "test")
    assert len(predictions.ids) == 8 * len(ODD)
    assert np.isfinite(predictions.scores["skeleton"]).all()


def test_nan_in_a_store_is_refused_by_the_clips_id(tmp_path):
    data = prepare(tmp_path / "data")
    file = data / "skeleton.safetensors"
    number = PoseStore(file).ids.index("one_frame_s02")  # tests
    value = PoseStore(file).read(number).keypoints[0, 0, 5, 1]
    content = bytearray(file.read_bytes())
    at = bytes(content).index(value.tobytes())
    content[at : at + 4] = np.float32(np.nan).tobytes()
    file.write_bytes(content)
    config = settings(data, tmp_path / "work")
    build_runner(config).train()
    with pytest.raises(InputError, match=r"clip 'one_frame_s02'.*skeleton\.safetensors.*must be finite, got NaN"):
        evaluate(config, tmp_path / "work", "test")

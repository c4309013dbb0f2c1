"""Skeletons of real sensors train and test: one frame, missing joints, nobody, a late person; NaN is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config

from triad.fusion.index import write_index
from triad.fusion.training.config import build_config
from triad.fusion.training.runner import build_runner, evaluate
from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses, PoseStore, write_store

ROOT = Path(__file__).parents[3]
LAYOUT, JOINTS = "kinect20", 20


def random_joints(rng: np.random.Generator, *, persons: int = 1, num_frames: int = 12) -> tuple[np.ndarray, np.ndarray]:
    points = rng.normal(0, 0.5, (persons, num_frames, JOINTS, 3)).astype(np.float32)
    return points, np.ones(points.shape[:3], np.float32)


def one_frame(rng: np.random.Generator) -> Poses:
    return Poses(*random_joints(rng, num_frames=1), LAYOUT)


def missing_joints(rng: np.random.Generator) -> Poses:
    points, scores = random_joints(rng)
    scores[:, 3:7] = 0
    return Poses(points * (scores > 0)[..., None], scores, LAYOUT)


def nobody(rng: np.random.Generator) -> Poses:
    points, scores = random_joints(rng)
    return Poses(0 * points, 0 * scores, LAYOUT)


def late_person(rng: np.random.Generator) -> Poses:
    points, scores = random_joints(rng, persons=2)
    scores[1, :6] = 0
    return Poses(points * (scores > 0)[..., None], scores, LAYOUT)


ODD_CLIPS = (one_frame, missing_joints, nobody, late_person)


def write_odd_clips(out: Path) -> Path:
    """Write every odd clip of every person of MiniHome's protocol."""
    records = []
    with write_store(out / "skeleton.safetensors", layout=LAYOUT) as store:
        for person in range(1, 21):
            for label, make in enumerate(ODD_CLIPS):
                name = f"{make.__name__}_s{person:02d}"
                poses = make(np.random.default_rng([label, person]))
                source = {"path": "skeleton.safetensors", "clip": store.add(name, poses), "num": poses.num, "fps": 30.0}
                record = {"id": name, "label": label, "sources": {"skeleton": source}}
                records.append({**record, "subject": f"s{person:02d}", "camera": "c1"})
    streams = {"skeleton": {"modality": "skeleton", "layout": LAYOUT, "channels": 3}}
    metainfo = {"dataset": "minihome", "classes": [make.__name__ for make in ODD_CLIPS], "streams": streams}
    write_index(out / "index.json", metainfo, records)
    return out


def small_config(data: Path, work_dir: Path) -> Config:
    options = [
        "train_dataloader.num_workers=0",
        "train_dataloader.persistent_workers=False",
        "train_dataloader.batch_size=4",
        "val_dataloader.num_workers=0",
        "test_dataloader.num_workers=0",
        "data.protocol=cross_subject",
    ]
    config = build_config(ROOT / "configs/skeleton/stgcnpp_utd_mhad.py", options=options, data=data)
    config.work_dir = str(work_dir)
    config.streams.skeleton["encoder"].update(widths=(16, 32))
    config.train_cfg.update(max_epochs=1, val_interval=1)
    return config


def test_odd_clips_give_finite_results(tmp_path):
    config = small_config(write_odd_clips(tmp_path / "data"), tmp_path / "work")
    runner = build_runner(config)
    losses: list[float] = []
    train_step = runner.model.train_step

    def recording_step(*args, **kwargs):
        outputs = train_step(*args, **kwargs)
        losses.append(float(outputs["loss"].detach()))
        return outputs

    runner.model.train_step = recording_step
    runner.train()
    assert len(losses) == 36 // 4 + (36 % 4 > 0)  # 9 people train
    assert np.isfinite(losses).all()
    assert all(torch.isfinite(value).all() for value in runner.model.state_dict().values())
    predictions = evaluate(config, tmp_path / "work", "test")
    assert len(predictions.ids) == 8 * len(ODD_CLIPS)
    assert np.isfinite(predictions.scores["skeleton"]).all()


def test_nan_in_store_names_clip(tmp_path):
    data = write_odd_clips(tmp_path / "data")
    file = data / "skeleton.safetensors"
    number = PoseStore(file).ids.index("one_frame_s02")  # tests
    value = PoseStore(file).read(number).keypoints[0, 0, 5, 1]
    content = bytearray(file.read_bytes())
    offset = bytes(content).index(value.tobytes())
    content[offset : offset + 4] = np.float32(np.nan).tobytes()
    file.write_bytes(content)
    config = small_config(data, tmp_path / "work")
    build_runner(config).train()
    with pytest.raises(InputError, match=r"clip 'one_frame_s02'.*skeleton\.safetensors.*must be finite, got NaN"):
        evaluate(config, tmp_path / "work", "test")

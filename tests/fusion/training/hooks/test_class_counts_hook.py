"""Losses that weigh classes get the class counts of the training split."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from mmengine.config import Config
from mmengine.hooks import Hook

from triad.fusion.datasets import get_protocol
from triad.fusion.training.config import build_config
from triad.fusion.training.runner import build_runner
from triad.modalities.checks import InputError

ROOT = Path(__file__).parents[4]
NUM_TRAINING = {"left": 8, "right": 4, "still": 1}


@pytest.fixture(scope="module")
def unequal(tiny, tmp_path_factory) -> Path:
    """Folder of the tiny dataset with few training samples of two classes."""
    out = tmp_path_factory.mktemp("unequal")
    index = json.loads((tiny / "index.json").read_text())
    num_training: Counter[str] = Counter()
    records = []
    for record in index["data_list"]:
        name = record["id"].partition("_")[0]
        trains = get_protocol("minihome", "cross_subject")(record) == "train"
        if trains and num_training[name] == NUM_TRAINING[name]:
            continue
        num_training[name] += trains
        for source in record["sources"].values():
            source["path"] = str(tiny / source["path"])
        records.append(record)
    (out / "index.json").write_text(json.dumps(index | {"data_list": records}))
    return out


def small_config(data: Path, work_dir: Path, *options: str) -> Config:
    config = build_config(ROOT / "configs/skeleton/stgcnpp_minihome.py", options=options, data=data)
    config.work_dir = str(work_dir)
    config.streams.skeleton["num_frames"] = 4
    config.streams.skeleton["encoder"].update(widths=(16,))
    config.train_cfg.update(max_epochs=1, val_interval=9)
    for loader in (config.train_dataloader, config.val_dataloader, config.test_dataloader):
        loader.update(num_workers=0, persistent_workers=False)
    return config


class LabelCounter(Hook):
    """Counts the labels of the training batches."""

    def __init__(self) -> None:
        self.labels: Counter[int] = Counter()

    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        self.labels.update(data_batch["label"].tolist())


def train(config: Config):
    runner = build_runner(config)
    counter = LabelCounter()
    runner.register_hook(counter)
    runner.train()
    return runner.model, counter.labels


def test_loss_gets_counts_of_training_split(unequal, tmp_path):
    options = ("model.logit_adjustment=1.0", "model.class_weighting=1.0")
    model, labels = train(small_config(unequal, tmp_path, *options))
    assert labels == {0: 8, 1: 4, 2: 1}
    assert model.class_loss.adjustment.exp().tolist() == pytest.approx([8 / 13, 4 / 13, 1 / 13])
    assert model.class_loss.weights.tolist() == pytest.approx([13 / 24, 13 / 12, 13 / 3])


def test_balanced_sampler_leaves_loss_unweighted(unequal, tmp_path):
    options = ("train_dataloader.sampler.power=0", "train_dataloader.sampler.length=30", "model.class_weighting=1.0")
    model, labels = train(small_config(unequal, tmp_path, *options))
    assert labels == {0: 10, 1: 10, 2: 10}
    assert model.class_loss.weights.tolist() == pytest.approx([1, 1, 1])


def test_weighted_loss_without_hook_is_refused(unequal, tmp_path):
    config = small_config(unequal, tmp_path, "model.class_weighting=1.0")
    config.default_hooks.pop("class_counts")
    with pytest.raises(InputError, match="must have the class counts of training, got none"):
        build_runner(config).train()

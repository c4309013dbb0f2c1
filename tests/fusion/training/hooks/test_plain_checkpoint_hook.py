"""Checkpoints hold tensors and plain values alone, with the layouts and clip lengths that prediction needs."""

from pathlib import Path

import numpy as np
import torch

from triad.fusion.training.config import build_config
from triad.fusion.training.hooks.plain_checkpoint_hook import clip_lengths, is_plain, to_plain
from triad.fusion.training.runner import build_runner

LEAF = Path(__file__).parents[4] / "configs/skeleton/stgcnpp_minihome.py"
BRIEF = (
    "streams.skeleton.num_frames=4",
    "streams.skeleton.encoder.widths=(16,32)",
    "train_dataloader.num_workers=0",
    "train_dataloader.persistent_workers=False",
    "train_cfg.max_epochs=1",
    "train_cfg.val_interval=9",
)


def test_checkpoint_loads_without_running_code(tiny, tmp_path):
    build_runner(build_config(LEAF, options=BRIEF, data=tiny, work_dir=tmp_path)).train()
    checkpoint = torch.load(tmp_path / "epoch_1.pth", weights_only=True)
    assert checkpoint["meta"]["epoch"] == 1
    assert checkpoint["meta"]["layouts"] == {"skeleton": "minihome16"}
    assert checkpoint["meta"]["clips"] == {"median": 1.0, "longest": 1.0}
    assert set(checkpoint["message_hub"]) == {"log_scalars", "runtime_info", "resumed_keys"}


def test_numpy_numbers_become_plain():
    assert type(to_plain(np.float64(0.5))) is float
    assert is_plain([1, "a", None, [2.0]])
    assert not is_plain(np.zeros(2))
    assert not is_plain([object()])


def test_other_datasets_have_no_lengths():
    assert clip_lengths([1, 2, 3]) == {}

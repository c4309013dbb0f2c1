"""Networks that read one skeleton call their streams apart, so that their predictions can be joined."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from fusion.predictions import Predictions, join_predictions
from fusion.training.config import build_config, share_streams
from fusion.training.runner import build_runner, evaluate
from modalities.checks import InputError

ROOT = Path(__file__).parents[4]

LEAF = """
from mmengine.config import read_base
from fusion.models import Recognizer
from modalities.skeleton.transforms import CenterOnRoot, InterpolateMissing, ToBones

with read_base():
    from configs._base_.datasets.minihome import *
    from configs._base_.runtime import *
    from configs._base_.schedules.adamw_onecycle import *
    from configs._base_.streams.skeleton import *

skeleton.transform.update(steps=[dict(type=InterpolateMissing), dict(type=CenterOnRoot), dict(type=ToBones)])
skeleton.encoder.update(widths=(16,))
skeleton.update(num_frames=4, source="skeleton")
streams = dict(skeleton_bone=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=16)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=1, val_interval=9)
"""


def bone(folder: Path, *options: str, data: Path) -> Config:
    (folder / "bone.py").write_text(LEAF)
    alone = ("train_dataloader.num_workers=0", "train_dataloader.persistent_workers=False")
    return build_config(folder / "bone.py", options=(*alone, "test_dataloader.num_workers=0", *options), data=data)


def predictions_of(config: Config, work: Path) -> Predictions:
    share_streams(config)
    config.work_dir = str(work)
    build_runner(config).train()
    return evaluate(config, work, "test")


def test_two_networks_of_one_skeleton_are_joined(tiny, tmp_path):
    first = predictions_of(bone(tmp_path, data=tiny), tmp_path / "bone")
    plain = bone(tmp_path, data=tiny)
    plain.streams = {"skeleton": {key: value for key, value in plain.streams.skeleton_bone.items() if key != "source"}}
    second = predictions_of(plain, tmp_path / "joint")
    joined = join_predictions([first, second])
    assert joined.streams == ("skeleton", "skeleton_bone")
    assert joined.present["skeleton_bone"].all()
    # the same network on the same data from the same seed: only the name differs
    torch.testing.assert_close(joined.scores["skeleton_bone"], joined.scores["skeleton"])


def test_what_does_not_fit(tiny, tmp_path):
    with pytest.raises(InputError, match=r"'skelton' of stream 'skeleton_bone' must be in .* \(did you mean 'skel"):
        bone(tmp_path, "streams.skeleton_bone.source=skelton", data=tiny)
    with pytest.raises(InputError, match=r"stream 'skeleton_bone' must be in .*; add source=\"skeleton\" to"):
        bone(tmp_path, "streams.skeleton_bone.source=None", data=tiny)
    (tmp_path / "bone.py").write_text(LEAF.replace("source=", "sorce="))
    with pytest.raises(InputError, match=r"config 'streams.skeleton_bone' must be one of .*, got 'sorce' \(did"):
        build_config(tmp_path / "bone.py")

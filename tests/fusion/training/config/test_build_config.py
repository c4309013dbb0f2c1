"""Two networks that read one skeleton under different stream names, so that their predictions can be joined."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from tool_runs import IN_PROCESS

from triad.fusion.predictions import Predictions, join_predictions
from triad.fusion.training.config import build_config, share_streams
from triad.fusion.training.runner import build_runner, evaluate
from triad.modalities.checks import InputError

LEAF = """
from mmengine.config import read_base
from triad.fusion.models import Recognizer
from triad.modalities.skeleton.transforms import CenterOnRoot, InterpolateMissing, ToBones

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


def bone_config(folder: Path, *options: str, data: Path) -> Config:
    (folder / "bone.py").write_text(LEAF)
    return build_config(folder / "bone.py", options=(*IN_PROCESS, "test_dataloader.num_workers=0", *options), data=data)


def train_and_test(config: Config, work_dir: Path) -> Predictions:
    share_streams(config)
    config.work_dir = str(work_dir)
    build_runner(config).train()
    return evaluate(config, work_dir, "test")


def test_predictions_of_one_skeleton_join(tiny, tmp_path):
    bones = train_and_test(bone_config(tmp_path, data=tiny), tmp_path / "bone")
    plain = bone_config(tmp_path, data=tiny)
    plain.streams = {"skeleton": {key: value for key, value in plain.streams.skeleton_bone.items() if key != "source"}}
    joints = train_and_test(plain, tmp_path / "joint")
    joined = join_predictions([bones, joints])
    assert joined.streams == ("skeleton", "skeleton_bone")
    assert joined.present["skeleton_bone"].all()
    # the same network on the same data from the same seed: only the name differs
    torch.testing.assert_close(joined.scores["skeleton_bone"], joined.scores["skeleton"])


def test_unknown_source_names_the_nearest(tiny, tmp_path):
    with pytest.raises(InputError, match=r"'skelton' of stream 'skeleton_bone' must be in .* \(did you mean 'skel"):
        bone_config(tmp_path, "streams.skeleton_bone.source=skelton", data=tiny)
    with pytest.raises(InputError, match=r"stream 'skeleton_bone' must be in .*; add source=\"skeleton\" to"):
        bone_config(tmp_path, "streams.skeleton_bone.source=None", data=tiny)
    (tmp_path / "bone.py").write_text(LEAF.replace("source=", "sorce="))
    with pytest.raises(InputError, match=r"config 'streams.skeleton_bone' must be one of .*, got 'sorce' \(did"):
        build_config(tmp_path / "bone.py")

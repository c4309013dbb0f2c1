"""Estimated 2D joints of the main person (YOLOX-nano and MoveNet Thunder) alone on J-HMDB; else as ``stgcnpp_jhmdb``.

69.5 over three splits; 62.4 with SimplePose's joints (``streams.pose.source=pose_simplepose``)."""

from mmengine.config import read_base

from triad.modalities.skeleton.transforms import InterpolateMissing

with read_base():
    from .stgcnpp_jhmdb import *

skeleton.reader.update(layout="coco17", persons=1)
skeleton.transform.update(layout="coco17", pre_steps=[dict(type=InterpolateMissing)])
skeleton.encoder.update(layout="coco17")
streams = model.streams = dict(pose=dict(source="pose_thunder", **skeleton))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

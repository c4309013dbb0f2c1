"""RGB looks at detected objects, whose distances to the hands are known, beside the skeleton, on MiniHome.

What people hold tells cup from can and book from tablet, which posture cannot. Not trained here."""

from mmengine.config import read_base

from triad.fusion.attention import ObjectCrossAttention

with read_base():
    from .._base_.rgb_and_skeleton_minihome import *
    from .._base_.streams.objects import *

streams = model.streams = dict(rgb=rgb, skeleton=skeleton, objects=objects)
model.update(attention=[dict(type=ObjectCrossAttention, objects="objects", query="rgb", vocabulary="minihome")])
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=8)

"""Cross-attention from joints to patches on J-HMDB: annotated joints read optical flow. Not trained here.

    triad train configs/fusion/joint_cross_attention_jhmdb.py --data data/jhmdb --cfg-options \\
        model.pretrained.flow_dis=FLOW.pth model.pretrained.skeleton=SKELETON.pth

The checkpoints are those of ``flow/r2plus1d_small_jhmdb`` and ``skeleton/stgcnpp_jhmdb``."""

from mmengine.config import read_base

from triad.fusion.attention import JointCrossAttention

with read_base():
    from .._base_.streams.flow import *
    from .separable_sta_jhmdb import *

flow.update(num_frames=16)
streams = model.streams = dict(flow_dis=flow, skeleton=skeleton)
model.attention = [dict(type=JointCrossAttention, video="flow_dis", pose="skeleton", channels=64)]
model.heads = dict(flow_dis=1.0, skeleton=1.0)
model.pretrained = dict(flow_dis=None, skeleton=None)
model.update(frozen=())
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

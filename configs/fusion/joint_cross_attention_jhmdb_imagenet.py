"""Cross-attention from joints to patches on J-HMDB: every joint of ST-GCN++ reads the frames' map.

On frozen ImageNet features of the frames, see ``_base_/imagenet_and_skeleton_jhmdb.py``."""

from mmengine.config import read_base

from triad.fusion.attention import JointCrossAttention

with read_base():
    from .._base_.imagenet_and_skeleton_jhmdb import *

model.update(attention=[dict(type=JointCrossAttention, video="rgb", pose="skeleton")])

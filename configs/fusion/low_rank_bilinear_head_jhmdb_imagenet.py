"""Low-rank bilinear fusion (Kim et al. 2017) on J-HMDB: a joint head over RGB and skeleton.

On frozen ImageNet features of the frames, see ``_base_/imagenet_and_skeleton_jhmdb.py``."""

from mmengine.config import read_base

from triad.fusion.heads import LowRankBilinearHead

with read_base():
    from .._base_.imagenet_and_skeleton_jhmdb import *

model.update(joint_head=dict(type=LowRankBilinearHead, rank=256))

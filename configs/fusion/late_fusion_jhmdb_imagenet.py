"""RGB and annotated joints of J-HMDB, a head each and nothing between: what fusion modules are compared with.

On frozen ImageNet features of the frames, see ``_base_/imagenet_and_skeleton_jhmdb.py``."""

from mmengine.config import read_base

with read_base():
    from .._base_.imagenet_and_skeleton_jhmdb import *

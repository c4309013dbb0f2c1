"""RGB and measured skeleton on MiniHome, a head each and nothing between: what fusion modules are compared with.

The README has the command of the comparison."""

from mmengine.config import read_base

with read_base():
    from .._base_.rgb_and_skeleton_minihome import *

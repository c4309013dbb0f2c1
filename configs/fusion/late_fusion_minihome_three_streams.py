"""RGB, DIS flow and measured skeleton on MiniHome, a head each and nothing between, as ``late_fusion_minihome``."""

from mmengine.config import read_base

with read_base():
    from .._base_.three_streams_minihome import *

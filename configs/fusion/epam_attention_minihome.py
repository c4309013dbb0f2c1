"""Attention of EPAM-Net (Abdelkawy et al. 2025) on MiniHome: heat maps of the joints' pixels weight the RGB map.

Both streams keep their heads. Not trained here."""

from mmengine.config import read_base

from triad.fusion.attention import EpamAttention

with read_base():
    from .._base_.rgb_and_heatmaps_minihome import *

model.update(attention=[dict(type=EpamAttention, video="rgb", pose="skeleton")])

"""MBT (Nagrani et al. 2021) on J-HMDB: the small networks of RGB, flow and joints, two blocks each. Untrained."""

from mmengine.config import read_base

from triad.fusion.attention import AttentionBottleneck

with read_base():
    from .._base_.three_streams_jhmdb import *

model.update(attention=[dict(type=AttentionBottleneck, streams=["rgb", "flow_dis", "skeleton"], drop_path=0.1)])

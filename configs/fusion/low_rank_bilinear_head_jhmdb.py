"""Low-rank bilinear fusion (Kim et al. 2017) of RGB, flow and skeleton on J-HMDB. Not trained here."""

from mmengine.config import read_base

from triad.fusion.heads import LowRankBilinearHead

with read_base():
    from .._base_.three_streams_jhmdb import *

model.update(joint_head=dict(type=LowRankBilinearHead, rank=256, dropout=0.7))

"""MARS (Crasto et al. 2019) on J-HMDB with R(2+1)D-18 in both streams, of 16 frames of 112² as in the paper.

Start the flow network from its training: ``model.pretrained.flow_dis=FLOW.pth``. The paper's networks are ResNeXt-101.
Not trained here: it needs a GPU."""

from mmengine.config import read_base

from triad.fusion.attention import Mars

with read_base():
    from ..flow.r2plus1d_18_jhmdb import flow
    from ..rgb.r2plus1d_18_jhmdb import *

flow.train_only = True
streams = model.streams = dict(rgb=rgb, flow_dis=flow)
model.update(attention=[dict(type=Mars, student="rgb", teacher="flow_dis")], frozen=("flow_dis",))
model.update(pretrained=dict(rgb=None, flow_dis=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

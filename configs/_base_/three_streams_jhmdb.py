"""RGB, DIS flow and annotated joints of J-HMDB through the small networks, each with a head; the answers are averaged.

Leaves add how the streams meet, and start the encoders from their own trainings by ``model.pretrained``."""

from mmengine.config import read_base

with read_base():
    from ..skeleton.stgcnpp_jhmdb import *
    from .streams.flow import *
    from .streams.rgb import *

rgb.update(num_frames=16)
flow.update(num_frames=16)
streams = model.streams = dict(rgb=rgb, flow_dis=flow, skeleton=skeleton)
model.update(temporal_bins=2, pretrained=dict(rgb=None, flow_dis=None, skeleton=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.dataset.augmentation.update(rotate=0.0)  # of the skeleton alone, which then leaves the picture
train_cfg.update(max_epochs=20, val_interval=5)

"""Non-local blocks (Wang et al. 2018) in our ResNet on 8 fields of J-HMDB's DIS flow; RGB alone is published.

ImageNet weights are inflated and averaged over the channels. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import ResNet3d
from triad.modalities.video_encoders.layers import NonLocal

with read_base():
    from .r2plus1d_18_jhmdb import *

flow.num_frames = 8
flow.encoder = dict(type=ResNet3d, depth=18, in_channels=2, temporal_kernels=dict(layer3=3, layer4=3))
flow.encoder.update(attention=dict(layer3=dict(type=NonLocal)), temporal_strides=dict(conv1=2, maxpool=2))
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

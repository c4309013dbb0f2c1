"""DIS flow alone on J-HMDB through Video Swin-T (Liu et al. 2022), 32 fields of 224². Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionTransformer

with read_base():
    from .timesformer_jhmdb import *

flow.encoder = dict(type=TorchvisionTransformer, network="swin3d_t", in_channels=2)
flow.num_frames = 32
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

"""Inception-I3D on J-HMDB's DIS flow (Carreira and Zisserman 2017), the second half of their two-stream network.

Weights of the usual PyTorch port: ``--cfg-options streams.flow_dis.encoder.weights=flow_imagenet.pt``.
12.3 million parameters, 102.3 GMACs for 64 fields of 224². Not trained here: it needs a GPU.
Command: ``triad train configs/flow/inception_i3d_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import InceptionI3d

with read_base():
    from .c3d_jhmdb import *

flow.reader.update(frame_size=(256, 340))
flow.transform.update(size=(224, 224))
flow.update(num_frames=64, encoder=dict(type=InceptionI3d, in_channels=2))
train_dataloader.dataset.temporal_sampler.update(clip_len=64)
val_dataloader.dataset.temporal_sampler.update(clip_len=64)
test_dataloader.dataset.temporal_sampler.update(clip_len=64)
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

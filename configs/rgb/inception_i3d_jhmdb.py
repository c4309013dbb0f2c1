"""Inception-I3D (Carreira and Zisserman 2017) on J-HMDB's RGB, 64 successive frames of 224² as published.

12.3 million parameters, 111.2 GMACs a clip. Weights of ImageNet and Kinetics-400 from the usual port to PyTorch:
``--cfg-options streams.rgb.encoder.weights=rgb_imagenet.pt``. Not trained here: it needs a GPU.
J-HMDB's clips of 15 to 40 frames begin again until they fill 64; leaves with a stride cover the same 64 frames.
Command: ``triad train configs/rgb/inception_i3d_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import InceptionI3d

with read_base():
    from .c3d_jhmdb import *

rgb.reader.update(frame_size=(256, 340))
rgb.transform.update(size=(224, 224), mean=(127.5, 127.5, 127.5), std=(127.5, 127.5, 127.5))
rgb.update(num_frames=64, encoder=dict(type=InceptionI3d, in_channels=3))
train_dataloader.dataset.temporal_sampler.update(clip_len=64)
val_dataloader.dataset.temporal_sampler.update(clip_len=64)
test_dataloader.dataset.temporal_sampler.update(clip_len=64)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

"""RGB alone on J-HMDB through ViViT model 1 (Arnab et al. 2021) at its published 32 frames of 224².

88.6 million parameters and 452 GMACs a clip, of which attention takes 181.
Not trained here: 3,136 tokens see each other in every block, which needs a GPU."""

from mmengine.config import read_base

from triad.modalities.video_encoders import JointViViT

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder = dict(type=JointViViT, in_channels=3)
rgb.num_frames = 32
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

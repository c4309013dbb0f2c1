"""RGB alone on J-HMDB through ViViT model 3 (Arnab et al. 2021): every block attends over space, then over time. Not
trained here: it needs a GPU.

117.0 million parameters and 371 GMACs a clip; attention over time costs 0.9 of them."""

from mmengine.config import read_base

from triad.modalities.video_encoders import FactorisedAttentionViViT

with read_base():
    from .vivit_joint_jhmdb import *

rgb.encoder = dict(type=FactorisedAttentionViViT, in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

"""Action transformer (Girdhar et al. 2019, Video Action Transformer Network), a detection head, over the small R(2+1)D.

The query comes from the whole middle frame, not from a person's box; the paper's trunk is Inception-I3D up to Mixed_4f.
From scratch on two cores; not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import ActionTransformer, SmallR2Plus1d

with read_base():
    from .r2plus1d_small_jhmdb import *

rgb.encoder = dict(type=ActionTransformer, in_channels=3, roi_size=4, trunk=dict(type=SmallR2Plus1d))
streams = dict(rgb=rgb)
model.update(streams=streams, temporal_bins=1)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

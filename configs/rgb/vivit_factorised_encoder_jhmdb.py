"""RGB alone on J-HMDB through ViViT model 2 (Arnab et al. 2021): a transformer of frames, then one of four blocks over
time. Not trained here: it needs a GPU.

114.8 million parameters and 283 GMACs a clip; late fusion of frames by attention."""

from mmengine.config import read_base

from triad.modalities.video_encoders import FactorisedEncoderViViT

with read_base():
    from .vivit_joint_jhmdb import *

rgb.encoder = dict(type=FactorisedEncoderViViT, in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

"""RGB alone on J-HMDB through the ViT-S that VideoMAE (Tong et al. 2022) fine-tunes, 16 frames of 224².

21.9 million parameters and 57 GMACs a clip; its vector is the norm of the mean token.
Not trained here: without mmaction2's file of masked pre-training it learns little from few clips."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Mmaction2Transformer

with read_base():
    from .mvit_v2_s_jhmdb import *

rgb.encoder = dict(type=Mmaction2Transformer, backbone="videomae_s", in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

"""RGB alone on J-HMDB through Video Swin-T (Liu et al. 2022) at its published 32 frames of 224².

27.9 million parameters and 88 GMACs a clip; attention is kept to windows of 8×7×7 tokens, shifted in turn.
Not trained here: it needs a GPU and torchvision's weights of Kinetics-400 from a local file:
``--cfg-options streams.rgb.encoder.weights=swin3d_t-7615ae03.pth``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionTransformer

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder = dict(type=TorchvisionTransformer, network="swin3d_t", in_channels=3)
rgb.num_frames = 32
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

"""RGB alone on J-HMDB through ViT-B/16 on single frames (Dosovitskiy et al. 2021), whose class tokens are averaged.

85.8 million parameters and 17.6 GMACs a frame; nothing is learned about the order of frames.
Not trained here: it needs a GPU and torchvision's ``vit_b_16-c867db91.pth`` of ImageNet."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionImage

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder = dict(type=TorchvisionImage, network="vit_b_16", in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

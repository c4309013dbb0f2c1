"""RGB alone on J-HMDB through ViT-B-VTN (Neimark et al. 2021): ViT-B/16 on every frame, a Longformer over time.

113.2 million parameters and 17.6 GMACs a frame, counted here; the temporal part costs 0.02 a frame.
Not trained here: it needs a GPU and torchvision's weights of ImageNet from a local file:
``--cfg-options streams.rgb.encoder.frames.weights=vit_b_16-c867db91.pth``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionImage, Vtn

with read_base():
    from .mvit_v2_s_jhmdb import *

rgb.encoder = dict(type=Vtn, frames=dict(type=TorchvisionImage, network="vit_b_16"), in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

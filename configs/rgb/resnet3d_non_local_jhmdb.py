"""Non-local blocks (Wang et al. 2018) after each residual block of two stages of our ResNet.

Other forms by ``mode``: ``gaussian``, ``dot_product``, ``concatenation``. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders.layers import NonLocal

with read_base():
    from .resnet3d_jhmdb import *

rgb.encoder.update(
    attention=dict(layer2=dict(type=NonLocal), layer3=dict(type=NonLocal)), attention_after=dict(layer2=(1,))
)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

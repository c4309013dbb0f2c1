"""ConvNet+LSTM (Carreira and Zisserman 2017, Quo Vadis, Action Recognition?): GoogLeNet on 25 frames, an LSTM of 512.

9.0 million parameters with 400 classes, 37.5 GMACs. The paper takes every fifth frame of five seconds in training, and
50 of ten in the test; these span the clip. Torchvision's weights of ImageNet from a local file:
``--cfg-options streams.rgb.encoder.frames.weights=googlenet-1378be20.pth``. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import ConvNetLstm, TorchvisionImage

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder = dict(type=ConvNetLstm, in_channels=3, frames=dict(type=TorchvisionImage, network="googlenet"))
rgb.num_frames = 25
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

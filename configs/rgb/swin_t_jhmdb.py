"""RGB alone on J-HMDB through Swin-T on single frames (Liu et al. 2021), whose maps are averaged over time.

27.5 million parameters and 4.5 GMACs a frame, the smallest cost of the transformers here.
Not trained here: it needs a GPU and torchvision's ``swin_t-704ceda3.pth`` of ImageNet."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionImage

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder = dict(type=TorchvisionImage, network="swin_t", in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

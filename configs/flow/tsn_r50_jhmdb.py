"""TSN on DIS flow: ResNet-50 on 8 single fields, RGB kernels averaged (Wang et al. 2016, §3.1). Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionImage

with read_base():
    from .r2plus1d_18_jhmdb import *

flow.reader.update(frame_size=(256, 340))
flow.transform.update(size=(224, 224))
flow.encoder = dict(type=TorchvisionImage, network="resnet50", in_channels=2)
flow.num_frames = 8
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

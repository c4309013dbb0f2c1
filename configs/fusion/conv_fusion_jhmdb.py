"""3D-fused two-stream network (Carreira & Zisserman 2017) on J-HMDB: two Inception-V1, joined by a 3D convolution.

5 frames and the stack of 10 DIS fields around each, 224²; 39 million parameters; the joined map alone answers.
ImageNet's weights serve both: ``streams.NAME.encoder.weights=googlenet-1378be20.pth``. Not trained here: it needs a
GPU."""

from mmengine.config import read_base

from triad.fusion.attention import ConvFusion
from triad.modalities.video_encoders import TorchvisionImage

with read_base():
    from ..flow.cnn_m_2048_jhmdb import *
    from ..rgb.tsn_r50_jhmdb import rgb

flow.encoder = dict(type=TorchvisionImage, network="googlenet", in_channels=20)
rgb.encoder = dict(type=TorchvisionImage, network="googlenet", in_channels=3)
flow.num_frames = rgb.num_frames = 5
rgb.reader.update(crop_mode="center")
streams = model.streams = dict(rgb=rgb, flow_dis=flow)
model.update(attention=[dict(type=ConvFusion, first="rgb", second="flow_dis", channels=512)])
model.update(heads=dict(flow_dis=None), fused="rgb", pretrained=dict(rgb=None, flow_dis=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

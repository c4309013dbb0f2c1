"""Our own ResNet (He et al. 2016), 18 layers inflated as ResNet-I3D is: the network under the attention leaves.

8 frames of 112² and a quarter of them from the first stage on: two CPU cores can train it. ImageNet weights of
torchvision are inflated: ``--cfg-options streams.rgb.encoder.weights=resnet18-f37072fd.pth``. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import ResNet3d

with read_base():
    from .r2plus1d_18_jhmdb import *

i3d_kernels = dict(conv1=5, layer1=3, layer2=(3, 1), layer3=(3, 1), layer4=(1, 3))
i3d_strides = dict(conv1=2, maxpool=2)
rgb.transform.update(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))
rgb.encoder = dict(type=ResNet3d, depth=18, in_channels=3, temporal_kernels=i3d_kernels, temporal_strides=i3d_strides)
rgb.num_frames = 8
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

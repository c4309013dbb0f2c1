"""RGB alone on J-HMDB through MViTv2-S (Li et al. 2022) at its published 16 frames of 224².

34.2 million parameters and 64 GMACs a clip, an eighth of joint attention's products, since it pools keys and values.
Not trained here: it needs a GPU and torchvision's weights of Kinetics-400 from a local file:
``--cfg-options streams.rgb.encoder.weights=mvit_v2_s-ae3be167.pth``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionTransformer

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder = dict(type=TorchvisionTransformer, network="mvit_v2_s", in_channels=3)
rgb.num_frames = 16
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

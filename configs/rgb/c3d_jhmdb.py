"""C3D (Tran et al. 2015) on J-HMDB's RGB, 16 successive frames of 112² as published: 78.4 million parameters.

Weights of Sports-1M and UCF-101, where they reach 83.08 % top-1, from mmaction2 (a local file):
``--cfg-options streams.rgb.encoder.weights=c3d_sports1m-pretrained_8xb30-16x1x1-45e_ucf101-rgb_20220811-31723200.pth``.
Means are mmaction2's, in its order. Not trained here: 38.5 GMACs a clip need a GPU.
Command: ``triad train configs/rgb/c3d_jhmdb.py``."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.video_encoders import C3d

with read_base():
    from .._base_.datasets.jhmdb_dense import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.square_crops import *
    from .._base_.streams.rgb import *

train_dataloader.dataset.augmentation.update(aspect=1.0)
val_dataloader.dataset.crop_views = test_dataloader.dataset.crop_views = crop_views
rgb.reader.update(frame_size=(128, 171), crop_mode="center")
rgb.transform.update(size=(112, 112), mean=(104.0, 117.0, 128.0), std=(1.0, 1.0, 1.0))
rgb.update(num_frames=16, encoder=dict(type=C3d, in_channels=3))
streams = dict(rgb=rgb)
model = dict(type=Recognizer, streams=streams, num_classes=14)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

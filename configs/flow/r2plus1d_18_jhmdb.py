"""DIS flow alone on J-HMDB through R(2+1)D-18; see ``configs/rgb/r2plus1d_18_jhmdb.py``. Not trained here."""

from mmengine.config import read_base

from fusion.models import Recognizer
from modalities.video_encoders import TorchvisionVideo

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.square_crops import *
    from .._base_.streams.flow import *

train_dataloader.dataset.augmentation.update(aspect=1.0)
val_dataloader.dataset.crop_views = test_dataloader.dataset.crop_views = crop_views
flow.reader.update(frame_size=(128, 171), crop_mode="center")
flow.transform.update(size=(112, 112))
flow.encoder = dict(type=TorchvisionVideo, network="r2plus1d_18", in_channels=2)
flow.num_frames = 16
streams = dict(flow_dis=flow)
model = dict(type=Recognizer, streams=streams, num_classes=14)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=30, val_interval=5)
optim_wrapper.optimizer.update(lr=3e-4)
param_scheduler[0].update(eta_max=3e-4)

"""DIS flow alone on J-HMDB through R(2+1)D-18; see ``configs/rgb/r2plus1d_18_jhmdb.py``. Not trained here."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.video_encoders import TorchvisionVideo

with read_base():
    from .._base_.datasets.jhmdb_square import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_finetune import *
    from .._base_.streams.flow import *

flow.reader.update(frame_size=(128, 171), crop_mode="center")
flow.transform.update(size=(112, 112))
flow.encoder = dict(type=TorchvisionVideo, network="r2plus1d_18", in_channels=2)
flow.num_frames = 16
streams = dict(flow_dis=flow)
model = dict(type=Recognizer, streams=streams, num_classes=14)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

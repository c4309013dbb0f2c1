"""DIS flow alone on J-HMDB through TimeSformer (Bertasius et al. 2021), 8 fields of 224². Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TimeSformer

with read_base():
    from .r2plus1d_18_jhmdb import *

flow.reader.update(frame_size=(256, 340))
flow.transform.update(size=(224, 224))
flow.encoder = dict(type=TimeSformer, in_channels=2)
flow.num_frames = 8
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

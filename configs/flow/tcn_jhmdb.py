"""TCN on DIS flow (Bai et al. 2018); see ``configs/rgb/tcn_jhmdb.py``. 16.7
on split 1 with frozen frames, see the README."""

from mmengine.config import read_base

from triad.modalities.video_encoders import FrameSequenceEncoder, Tcn

with read_base():
    from .lrcn_jhmdb import *

flow.encoder = dict(
    type=FrameSequenceEncoder,
    in_channels=2,
    frames=frames,
    sequence=dict(type=Tcn, widths=(128, 128, 128), kernel_size=3),
)
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

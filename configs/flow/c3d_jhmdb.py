"""C3D (Tran et al. 2015) on J-HMDB's DIS flow, 16 successive fields of 112²; the paper has RGB only.

Not trained here: 37.5 GMACs a clip need a GPU. Kernels of RGB weights are averaged over their three channels.
Command: ``triad train configs/flow/c3d_jhmdb.py``."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.video_encoders import C3d

with read_base():
    from .._base_.datasets.jhmdb_dense import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.square_crops import *
    from .._base_.streams.flow import *

train_dataloader.dataset.augmentation.update(aspect=1.0)
val_dataloader.dataset.crop_views = test_dataloader.dataset.crop_views = crop_views
flow.reader.update(frame_size=(128, 171), crop_mode="center")
flow.transform.update(size=(112, 112))
flow.update(num_frames=16, encoder=dict(type=C3d, in_channels=2))
streams = dict(flow_dis=flow)
model = dict(type=Recognizer, streams=streams, num_classes=14)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

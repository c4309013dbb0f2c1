"""Two-stream I3D (Carreira & Zisserman 2017) as one model on J-HMDB: RGB and DIS flow, the answers averaged.

25 million parameters. Weights of either network: ``streams.NAME.encoder.weights``, see ``rgb/inception_i3d_jhmdb`` and
``flow/inception_i3d_jhmdb``. Not trained here: it needs a GPU."""

from mmengine.config import read_base

with read_base():
    from ..flow.inception_i3d_jhmdb import flow
    from ..rgb.inception_i3d_jhmdb import *

streams = model.streams = dict(rgb=rgb, flow_dis=flow)
model.update(pretrained=dict(rgb=None, flow_dis=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

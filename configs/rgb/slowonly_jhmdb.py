"""RGB alone on J-HMDB through mmaction2's SlowOnly-R50 (Feichtenhofer et al. 2019) at its published 8 frames of 224².

Not trained here: it needs a GPU and mmaction2's weights of Kinetics-400 from a local file:
``--cfg-options streams.rgb.encoder.weights=FILE.pth``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Mmaction2Video

with read_base():
    from .r2plus1d_18_jhmdb import *

rgb.reader.update(frame_size=(256, 340))
rgb.transform.update(size=(224, 224), mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))
rgb.encoder = dict(type=Mmaction2Video, backbone="slowonly_r50", in_channels=3)
rgb.num_frames = 8
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

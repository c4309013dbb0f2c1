"""TCN (Bai et al. 2018, An Empirical Evaluation of Generic Convolutional and Recurrent Networks): causal, dilated.

Three levels with kernels of 3 see 29 times, all 16 of the clip; frames as in ``lrcn_jhmdb.py``.
51.9 on split 1 with frozen frames, see the README."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Tcn

with read_base():
    from .gru_jhmdb import *

rgb.encoder.sequence = dict(type=Tcn, widths=(128, 128, 128), kernel_size=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

"""GRU-RCN (Ballas et al. 2016, Delving Deeper into Convolutional Networks): a gated recurrent layer of 4×4 maps.

One layer upon the last map of the frames of ``lrcn_jhmdb.py``; the paper has one upon each of five. Not trained here.
"""

from mmengine.config import read_base

from triad.modalities.video_encoders import Rcn

with read_base():
    from .gru_jhmdb import *

rgb.encoder.sequence = dict(type=Rcn, cell="gru", widths=(128,))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

"""RGB alone on J-HMDB through TimeSformer with divided attention (Bertasius et al. 2021) at its published 8×224².

121.3 million parameters and 196 GMACs a clip; each token sees its place at all times, then its own frame.
Not trained here: it needs a GPU and a local file of the authors', mmaction2's or a ViT's weights:
``--cfg-options streams.rgb.encoder.weights=TimeSformer_divST_8x32_224_K400.pyth``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TimeSformer

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder = dict(type=TimeSformer, in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

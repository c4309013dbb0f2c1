"""RGB alone on J-HMDB through UniFormer-S (Li et al. 2022), convolutions and then attention, 16 frames of 224².

21.2 million parameters and 42 GMACs a clip; relations in the first two stages are learned by depth-wise convolutions.
Not trained here: it needs a GPU and mmaction2's checkpoint of Kinetics-400."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Mmaction2Transformer

with read_base():
    from .mvit_v2_s_jhmdb import *

rgb.encoder = dict(type=Mmaction2Transformer, backbone="uniformer_s", in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

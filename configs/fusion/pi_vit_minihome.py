"""π-ViT (Reilly & Das 2024) on MiniHome: a small TimeSformer of RGB learns from skeletons and is tested without them.

    triad train configs/fusion/pi_vit_minihome.py --data work_dirs/demo/data --cfg-options \\
        model.pretrained.skeleton=work_dirs/demo/skeleton/epoch_10.pth

4 blocks of 96 channels over 6×8 patches of 16² in 8 frames, from scratch. Skeletons are read in training alone."""

from mmengine.config import read_base

from triad.fusion.attention import PiViT
from triad.modalities.video_encoders import TimeSformer

with read_base():
    from .vpn_plus_plus_minihome import *

rgb.transform.update(size=(96, 128))
rgb.encoder = dict(type=TimeSformer, in_channels=3, image_size=128, channels=96, depth=4, heads=4)
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(temporal_bins=1, heads=dict(rgb=1.0))
model.attention = [dict(type=PiViT, video="rgb", pose="skeleton", layout="minihome16")]
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=12)

"""Late fusion of three PDANs (Dai et al. 2021), one for the features of each of RGB, flow and skeleton.

Each has a head and a loss of its own; the answer is the mean of their logits.

    triad train configs/fusion/late_fusion_minihome_untrimmed.py --data work_dirs/untrimmed/data

Frame mAP 87.0 (83.0-90.8), event mAP 77.3; 4 minutes.
Seed 0, 2026-11-27; features and tests as in the README, "Labels over time"."""

from mmengine.config import read_base

from triad.modalities.features.transforms import FeatureTransform
from triad.modalities.video_encoders import Pdan

with read_base():
    from .._base_.early_features_minihome_untrimmed import *

features_rgb.transform = dict(type=FeatureTransform)
features_rgb.encoder = dict(type=Pdan, in_channels=256, channels=128)
features_flow_dis.encoder = dict(type=Pdan, in_channels=256, channels=128)
features_skeleton.encoder = dict(type=Pdan, in_channels=128, channels=128)
streams = model.streams = dict(
    features_rgb=features_rgb, features_flow_dis=features_flow_dis, features_skeleton=features_skeleton
)
model.update(heads=None)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams

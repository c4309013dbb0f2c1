"""Measured 3D joints, aligned to face the camera and then rotated at random, through a narrow ST-GCN++.

Leaves set the layout of the dataset and the features: joints, or joints with bones and motion."""

from triad.modalities.skeleton.encoders import StGcnPlusPlus
from triad.modalities.skeleton.reader import PoseReader
from triad.modalities.skeleton.transforms import (
    AlignView,
    CenterOnRoot,
    InterpolateMissing,
    ScaleByTorso,
    SkeletonTransform,
)

skeleton = dict(
    source="skeleton",
    reader=dict(type=PoseReader, layout="kinect20", frame_size=(1, 1)),
    num_frames=32,
    transform=dict(
        type=SkeletonTransform,
        layout="kinect20",
        frame_size=(1, 1),
        pre_steps=[
            dict(type=InterpolateMissing),
            dict(type=AlignView, times=None, upright=False),
            dict(type=CenterOnRoot),
            dict(type=ScaleByTorso),
        ],
        steps=[],
    ),
    encoder=dict(
        type=StGcnPlusPlus,
        layout="kinect20",
        in_channels=3,
        widths=(32, 32, 64, 64, 128, 128),
    ),
)

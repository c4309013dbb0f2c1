"""Joints through a narrow ST-GCN++, which trains on two CPU cores."""

from triad.modalities.skeleton.encoders import StGcnPlusPlus
from triad.modalities.skeleton.reader import PoseReader
from triad.modalities.skeleton.transforms import CenterOnRoot, InterpolateMissing, ScaleByTorso, SkeletonTransform

skeleton = dict(
    reader=dict(type=PoseReader, layout="minihome16", frame_size=(120, 160)),
    num_frames=30,
    transform=dict(
        type=SkeletonTransform,
        layout="minihome16",
        frame_size=(120, 160),
        steps=[dict(type=InterpolateMissing), dict(type=CenterOnRoot), dict(type=ScaleByTorso)],
    ),
    encoder=dict(
        type=StGcnPlusPlus,
        layout="minihome16",
        in_channels=3,
        widths=(32, 32, 64, 64, 128, 128),
    ),
)

"""Depth through the small R(2+1)D network: stored millimetres, one channel."""

from triad.modalities.depth.reader import DepthReader
from triad.modalities.depth.transforms import DepthTransform
from triad.modalities.video_encoders import SmallR2Plus1d

depth = dict(
    reader=dict(type=DepthReader, frame_size=(120, 160)),
    num_frames=8,
    transform=dict(type=DepthTransform, size=(84, 112), near=0.5, far=8.0),
    encoder=dict(type=SmallR2Plus1d, in_channels=1),
)

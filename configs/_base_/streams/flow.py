"""Optical flow through the small R(2+1)D network; leaves name the stream after the flow estimator."""

from triad.modalities.flow.reader import FlowReader
from triad.modalities.flow.transforms import FlowTransform
from triad.modalities.video_encoders import SmallR2Plus1d

flow = dict(
    reader=dict(type=FlowReader, frame_size=(120, 160)),
    num_frames=8,
    transform=dict(type=FlowTransform, size=(84, 112), bound=8.0),
    encoder=dict(type=SmallR2Plus1d, in_channels=2),
)

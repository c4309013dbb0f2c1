"""Crops around both hands and the body, found by the joints of stream ``skeleton``, a small R(2+1)D each.

The three streams read one video and decode it once."""

from triad.fusion.transforms import PartCrop
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.video_encoders import SmallR2Plus1d

left_hand = dict(
    source="rgb",
    reader=dict(type=RgbReader, frame_size=(120, 160)),
    num_frames=8,
    transform=dict(
        type=PartCrop,
        pose="skeleton",
        body_part="left_hand",
        layout="minihome16",
        frame_size=(120, 160),
        size=(84, 84),
    ),
    encoder=dict(type=SmallR2Plus1d, in_channels=3),
)
right_hand = dict(left_hand, transform=dict(left_hand["transform"], body_part="right_hand"))
body = dict(left_hand, transform=dict(left_hand["transform"], body_part="body"))

"""RGB frames through the small R(2+1)D network."""

from triad.modalities.rgb.reader import RgbReader
from triad.modalities.rgb.transforms import RgbTransform
from triad.modalities.video_encoders import SmallR2Plus1d

rgb = dict(
    reader=dict(type=RgbReader, frame_size=(120, 160)),
    num_frames=8,
    transform=dict(type=RgbTransform, size=(84, 112)),
    encoder=dict(type=SmallR2Plus1d, in_channels=3),
)

"""Pictures of head, hands and feet at five times, found by the joints of stream ``skeleton``, without a network."""

from triad.fusion.transforms import SkeletonRegions
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.video_encoders import RawFrames

regions = dict(
    source="rgb",
    reader=dict(type=RgbReader, frame_size=(240, 320)),
    num_frames=5,
    transform=dict(type=SkeletonRegions, pose="skeleton", layout="minihome16", frame_size=(120, 160)),
    encoder=dict(type=RawFrames),
)

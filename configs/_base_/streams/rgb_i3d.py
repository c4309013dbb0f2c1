"""RGB at 64 frames of 224² through Inception-I3D, as Das et al. 2019 and 2020 read Toyota Smarthome and NTU RGB+D."""

from triad.modalities.rgb.reader import RgbReader
from triad.modalities.rgb.transforms import RgbTransform
from triad.modalities.video_encoders import InceptionI3d

rgb = dict(
    reader=dict(type=RgbReader, frame_size=(256, 340)),
    num_frames=64,
    transform=dict(type=RgbTransform, size=(224, 224), mean=(127.5, 127.5, 127.5), std=(127.5, 127.5, 127.5)),
    encoder=dict(type=InceptionI3d, in_channels=3),
)

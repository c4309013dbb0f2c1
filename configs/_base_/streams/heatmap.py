"""2D joints as heat maps through PoseC3D's SlowOnly."""

from triad.modalities.skeleton.reader import PoseReader
from triad.modalities.skeleton.transforms import HeatmapTransform
from triad.modalities.video_encoders import Mmaction2Video

skeleton = dict(
    reader=dict(type=PoseReader, layout="coco17", frame_size=(240, 320)),
    num_frames=48,
    transform=dict(type=HeatmapTransform, layout="coco17", frame_size=(240, 320)),
    encoder=dict(type=Mmaction2Video, backbone="posec3d", in_channels=17),
)

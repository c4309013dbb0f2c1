"""Image networks over the frames of a video, and what the first decade made of them: shifts, relations, stacks.

The image networks alone are the adapters ``TorchvisionImage`` and ``TimmImage``.
"""

from triad.modalities.video_encoders.frame_level.clip_fusion import EarlyFusion, LateFusion, SlowFusion
from triad.modalities.video_encoders.frame_level.cnn_m import CnnM2048
from triad.modalities.video_encoders.frame_level.conv_pooling import ConvPooling
from triad.modalities.video_encoders.frame_level.single_frame import Multiresolution, SingleFrame
from triad.modalities.video_encoders.frame_level.trn import Trn
from triad.modalities.video_encoders.frame_level.tsm import Tsm

__all__ = [
    "CnnM2048",
    "ConvPooling",
    "EarlyFusion",
    "LateFusion",
    "Multiresolution",
    "SingleFrame",
    "SlowFusion",
    "Trn",
    "Tsm",
]

"""Adapters to third-party networks, of video or of images on every frame; imported when an adapter is constructed."""

from triad.modalities.video_encoders.adapters.mmaction2_slowfast import Mmaction2SlowFast
from triad.modalities.video_encoders.adapters.mmaction2_transformer import Mmaction2Transformer
from triad.modalities.video_encoders.adapters.mmaction2_video import Mmaction2Video
from triad.modalities.video_encoders.adapters.timm_image import TimmImage
from triad.modalities.video_encoders.adapters.torchvision_image import TorchvisionImage
from triad.modalities.video_encoders.adapters.torchvision_transformer import TorchvisionTransformer
from triad.modalities.video_encoders.adapters.torchvision_video import TorchvisionVideo

__all__ = [
    "Mmaction2SlowFast",
    "Mmaction2Transformer",
    "Mmaction2Video",
    "TimmImage",
    "TorchvisionImage",
    "TorchvisionTransformer",
    "TorchvisionVideo",
]

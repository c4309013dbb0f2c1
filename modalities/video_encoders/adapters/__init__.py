"""Adapters to third-party video networks, which are imported when an adapter is constructed."""

from modalities.video_encoders.adapters.mmaction2_video import Mmaction2Video
from modalities.video_encoders.adapters.torchvision_video import TorchvisionVideo

__all__ = ["Mmaction2Video", "TorchvisionVideo"]

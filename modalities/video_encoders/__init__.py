"""Networks over ``[B, C, T, H, W]`` that serve RGB (3 channels), flow (2) and heat maps alike.

A small network of this project, and adapters to torchvision and mmaction2, all with the interface of
``modalities.encoder``. mmaction2 is imported when its adapter is constructed.
"""

from modalities.video_encoders.mmaction2_video import Mmaction2Video
from modalities.video_encoders.small_r2plus1d import SmallR2Plus1d
from modalities.video_encoders.staged import StagedVideoEncoder
from modalities.video_encoders.torchvision_video import TorchvisionVideo

__all__ = ["Mmaction2Video", "SmallR2Plus1d", "StagedVideoEncoder", "TorchvisionVideo"]

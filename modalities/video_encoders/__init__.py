"""Networks over ``[B, C, T, H, W]`` that serve RGB (3 channels), flow (2) and heat maps alike.

One folder a kind of network, one file an architecture, all with the interface of ``modalities.encoder``. Third-party
networks come through ``adapters``.
"""

from modalities.video_encoders.adapters import Mmaction2Video, TimmImage, TorchvisionImage, TorchvisionVideo
from modalities.video_encoders.cnn3d import C3d, InceptionI3d, SmallR2Plus1d
from modalities.video_encoders.framewise import FramewiseEncoder
from modalities.video_encoders.staged import StagedVideoEncoder
from modalities.video_encoders.transformers import (
    FactorisedAttentionViViT,
    FactorisedEncoderViViT,
    JointViViT,
    TimeSformer,
)

__all__ = [
    "C3d",
    "FactorisedAttentionViViT",
    "FactorisedEncoderViViT",
    "FramewiseEncoder",
    "InceptionI3d",
    "JointViViT",
    "Mmaction2Video",
    "SmallR2Plus1d",
    "StagedVideoEncoder",
    "TimeSformer",
    "TimmImage",
    "TorchvisionImage",
    "TorchvisionVideo",
]

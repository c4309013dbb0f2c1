"""Networks over ``[B, C, T, H, W]`` that serve RGB (3 channels), flow (2) and heat maps alike.

One folder a kind of network, one file an architecture, all with the interface of ``triad.modalities.encoder``.
Third-party networks come through ``adapters``.
"""

from triad.modalities.video_encoders.adapters import (
    Mmaction2SlowFast,
    Mmaction2Transformer,
    Mmaction2Video,
    TimmImage,
    TorchvisionImage,
    TorchvisionTransformer,
    TorchvisionVideo,
)
from triad.modalities.video_encoders.cnn3d import (
    C3d,
    ConvNet3d,
    CorrNet,
    InceptionI3d,
    MfNet,
    P3d,
    ResNet3d,
    RgbPosePathway,
    S3dG,
    SmallR2Plus1d,
)
from triad.modalities.video_encoders.frame_level import (
    CnnM2048,
    ConvPooling,
    EarlyFusion,
    LateFusion,
    Multiresolution,
    SingleFrame,
    SlowFusion,
    Trn,
    Tsm,
)
from triad.modalities.video_encoders.framewise import FramewiseEncoder
from triad.modalities.video_encoders.raw_frames import RawFrames
from triad.modalities.video_encoders.staged import StagedVideoEncoder
from triad.modalities.video_encoders.temporal import (
    Conv3dLstm,
    ConvNetLstm,
    DbLstm,
    EdTcn,
    FrameSequenceEncoder,
    Lrcn,
    LrcnFrames,
    LstmComposite,
    Rcn,
    RecurrentNetwork,
    Tcn,
)
from triad.modalities.video_encoders.transformers import (
    FactorisedAttentionViViT,
    FactorisedEncoderViViT,
    JointViViT,
    Longformer,
    TimeSformer,
    Vtn,
)
from triad.modalities.video_encoders.wrappers import ActionTransformer, ResidualFrames

__all__ = [
    "ActionTransformer",
    "C3d",
    "CnnM2048",
    "Conv3dLstm",
    "ConvNet3d",
    "ConvNetLstm",
    "ConvPooling",
    "CorrNet",
    "DbLstm",
    "EarlyFusion",
    "EdTcn",
    "FactorisedAttentionViViT",
    "FactorisedEncoderViViT",
    "FrameSequenceEncoder",
    "FramewiseEncoder",
    "InceptionI3d",
    "JointViViT",
    "LateFusion",
    "Longformer",
    "Lrcn",
    "LrcnFrames",
    "LstmComposite",
    "MfNet",
    "Mmaction2SlowFast",
    "Mmaction2Transformer",
    "Mmaction2Video",
    "Multiresolution",
    "P3d",
    "RawFrames",
    "Rcn",
    "RecurrentNetwork",
    "ResNet3d",
    "ResidualFrames",
    "RgbPosePathway",
    "S3dG",
    "SingleFrame",
    "SlowFusion",
    "SmallR2Plus1d",
    "StagedVideoEncoder",
    "Tcn",
    "TimeSformer",
    "TimmImage",
    "TorchvisionImage",
    "TorchvisionTransformer",
    "TorchvisionVideo",
    "Trn",
    "Tsm",
    "Vtn",
]

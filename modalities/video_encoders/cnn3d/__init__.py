"""Convolutional networks over space and time of this project, one architecture a file."""

from triad.modalities.video_encoders.cnn3d.c3d import C3d
from triad.modalities.video_encoders.cnn3d.convnet_3d import ConvNet3d
from triad.modalities.video_encoders.cnn3d.corrnet import CorrNet
from triad.modalities.video_encoders.cnn3d.inception_i3d import InceptionI3d
from triad.modalities.video_encoders.cnn3d.mfnet import MfNet
from triad.modalities.video_encoders.cnn3d.p3d import P3d
from triad.modalities.video_encoders.cnn3d.resnet3d import ResNet3d
from triad.modalities.video_encoders.cnn3d.rgb_pose_pathway import RgbPosePathway
from triad.modalities.video_encoders.cnn3d.s3dg import S3dG
from triad.modalities.video_encoders.cnn3d.small_r2plus1d import SmallR2Plus1d

__all__ = [
    "C3d",
    "ConvNet3d",
    "CorrNet",
    "InceptionI3d",
    "MfNet",
    "P3d",
    "ResNet3d",
    "RgbPosePathway",
    "S3dG",
    "SmallR2Plus1d",
]

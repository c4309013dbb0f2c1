"""Attention and mid-level fusion between encoders and heads, one mechanism a file.

A module is a :class:`fusion.models.FusionModule`: it reads the features of named streams, sizes itself from their
shapes, and returns the changed features, auxiliary losses and its weights as attention maps for pictures.
"""

from fusion.attention.attention_bottleneck import AttentionBottleneck
from fusion.attention.conv_fusion import ConvFusion
from fusion.attention.epam_attention import EpamAttention
from fusion.attention.joint_cross_attention import JointCrossAttention
from fusion.attention.mars import Mars
from fusion.attention.object_cross_attention import ObjectCrossAttention
from fusion.attention.part_attention import PartAttention
from fusion.attention.pi_vit import PiViT
from fusion.attention.separable_sta import SeparableSTA
from fusion.attention.skeleton_guided_regions import SkeletonGuidedRegions
from fusion.attention.vpn import Vpn
from fusion.attention.vpn_plus_plus import VpnPlusPlus

__all__ = [
    "AttentionBottleneck",
    "ConvFusion",
    "EpamAttention",
    "JointCrossAttention",
    "Mars",
    "ObjectCrossAttention",
    "PartAttention",
    "PiViT",
    "SeparableSTA",
    "SkeletonGuidedRegions",
    "Vpn",
    "VpnPlusPlus",
]

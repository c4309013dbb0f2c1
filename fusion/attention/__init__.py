"""Attention and mid-level fusion between encoders and heads, one mechanism a file.

A module is a :class:`triad.fusion.models.FusionModule`: it reads the features of named streams, sizes itself from their
shapes, and returns the changed features, auxiliary losses and its weights as attention maps for pictures.
"""

from triad.fusion.attention.attention_bottleneck import AttentionBottleneck
from triad.fusion.attention.conv_fusion import ConvFusion
from triad.fusion.attention.epam_attention import EpamAttention
from triad.fusion.attention.joint_cross_attention import JointCrossAttention
from triad.fusion.attention.mars import Mars
from triad.fusion.attention.object_cross_attention import ObjectCrossAttention
from triad.fusion.attention.part_attention import PartAttention
from triad.fusion.attention.pi_vit import PiViT
from triad.fusion.attention.separable_sta import SeparableSTA
from triad.fusion.attention.skeleton_guided_regions import SkeletonGuidedRegions
from triad.fusion.attention.vpn import Vpn
from triad.fusion.attention.vpn_plus_plus import VpnPlusPlus

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

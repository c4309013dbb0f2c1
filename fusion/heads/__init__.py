"""Heads of the recognizer: pooling of feature maps, linear classifiers and their loss."""

from fusion.heads.class_loss import ClassLoss
from fusion.heads.concat_head import ConcatHead
from fusion.heads.gated_mixture_head import GatedMixtureHead
from fusion.heads.joint import JointHead, JointOutput
from fusion.heads.linear import LinearHead
from fusion.heads.low_rank_bilinear_head import LowRankBilinearHead
from fusion.heads.pooling import check_pooling, pool

__all__ = [
    "ClassLoss",
    "ConcatHead",
    "GatedMixtureHead",
    "JointHead",
    "JointOutput",
    "LinearHead",
    "LowRankBilinearHead",
    "check_pooling",
    "pool",
]

"""Heads of the recognizer: pooling of feature maps, linear classifiers and their loss."""

from triad.fusion.heads.class_loss import ClassLoss
from triad.fusion.heads.concat_head import ConcatHead
from triad.fusion.heads.gated_mixture_head import GatedMixtureHead
from triad.fusion.heads.joint import JointHead, JointOutput
from triad.fusion.heads.linear import LinearHead
from triad.fusion.heads.losses import CROSS_ENTROPY, build_loss
from triad.fusion.heads.low_rank_bilinear_head import LowRankBilinearHead
from triad.fusion.heads.multi_label_loss import MULTI_LABEL_LOSSES, MultiLabelLoss
from triad.fusion.heads.pooling import check_pooling, pool
from triad.fusion.heads.smoothing_loss import truncated_smoothing_loss

__all__ = [
    "CROSS_ENTROPY",
    "MULTI_LABEL_LOSSES",
    "ClassLoss",
    "ConcatHead",
    "GatedMixtureHead",
    "JointHead",
    "JointOutput",
    "LinearHead",
    "LowRankBilinearHead",
    "MultiLabelLoss",
    "build_loss",
    "check_pooling",
    "pool",
    "truncated_smoothing_loss",
]

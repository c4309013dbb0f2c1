"""Heads of the recognizer: pooling of feature maps, linear classifiers and their loss."""

from fusion.heads.class_loss import ClassLoss
from fusion.heads.joint import ConcatHead, JointHead
from fusion.heads.linear import LinearHead
from fusion.heads.pooling import check_pooling, pool

__all__ = ["ClassLoss", "ConcatHead", "JointHead", "LinearHead", "check_pooling", "pool"]

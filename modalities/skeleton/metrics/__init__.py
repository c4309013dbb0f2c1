"""Metrics of estimated skeletons: PCK and OKS of 2D joints, MPJPE of 3D ones, and baselines of lifting."""

from triad.modalities.skeleton.metrics.lift import joint_errors, lift_errors, procrustes
from triad.modalities.skeleton.metrics.lift_baselines import Baseline, FlatDepth, LinearFrame, MeanPose
from triad.modalities.skeleton.metrics.pose import (
    PoseEvaluation,
    evaluate_pose,
    evaluation_document,
    pck,
    shared_joints,
)

__all__ = [
    "Baseline",
    "FlatDepth",
    "LinearFrame",
    "MeanPose",
    "PoseEvaluation",
    "evaluate_pose",
    "evaluation_document",
    "joint_errors",
    "lift_errors",
    "pck",
    "procrustes",
    "shared_joints",
]

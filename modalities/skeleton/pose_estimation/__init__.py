"""Pose estimation: detectors, pose models, tracking, and the extractor that stores a stream of poses.

:mod:`triad.modalities.skeleton.pose_estimation.interfaces` shows how they work together.
"""

from triad.modalities.skeleton.pose_estimation.assembling import AssembledPoses, assemble
from triad.modalities.skeleton.pose_estimation.building import build_pose_estimator
from triad.modalities.skeleton.pose_estimation.extractor import PERSONS, PoseExtractor, PoseFiles
from triad.modalities.skeleton.pose_estimation.interfaces import FramePoses, PoseEstimator, TrackedPoses
from triad.modalities.skeleton.pose_estimation.pose_file import write_poses
from triad.modalities.skeleton.pose_estimation.tracker import Tracker

__all__ = [
    "PERSONS",
    "AssembledPoses",
    "FramePoses",
    "PoseEstimator",
    "PoseExtractor",
    "PoseFiles",
    "TrackedPoses",
    "Tracker",
    "assemble",
    "build_pose_estimator",
    "write_poses",
]

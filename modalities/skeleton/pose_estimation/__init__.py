"""Pose estimation: detectors, pose models, tracking, and the extractor that stores a stream of poses.

:mod:`modalities.skeleton.pose_estimation.interfaces` shows how they work together.
"""

from modalities.skeleton.pose_estimation.assembling import AssembledPoses, assemble
from modalities.skeleton.pose_estimation.building import build_pose_estimator
from modalities.skeleton.pose_estimation.extractor import PERSONS, PoseExtractor, PoseFiles
from modalities.skeleton.pose_estimation.interfaces import FramePoses, PoseEstimator, TrackedPoses
from modalities.skeleton.pose_estimation.pose_file import write_poses
from modalities.skeleton.pose_estimation.tracker import Tracker

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

"""Poses out of frames: detectors, pose models, tracking, and the extractor that makes a stream of them.

``contract`` says how the parts go together. May import: ``modalities.skeleton``, ``modalities.extraction.interfaces``
and the files of ``modalities``; torchvision and mmpose only where a model of theirs is built.
"""

from modalities.skeleton.pose_estimation.assembling import Assembled, assemble
from modalities.skeleton.pose_estimation.building import build_pose_estimator
from modalities.skeleton.pose_estimation.interfaces import FramePoses, PoseEstimator, TrackedPoses
from modalities.skeleton.pose_estimation.tracker import Tracker

__all__ = ["Assembled", "FramePoses", "PoseEstimator", "TrackedPoses", "Tracker", "assemble", "build_pose_estimator"]

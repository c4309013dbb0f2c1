"""Poses out of frames: detectors, pose models, tracking, and the extractor that makes a stream of them.

``contract`` says how the parts go together. May import: ``modalities.skeleton``, ``modalities.extraction.contract`` and
the files of ``modalities``; torchvision and mmpose only where a model of theirs is built.
"""

from modalities.skeleton.estimation.assembling import Assembled, assemble
from modalities.skeleton.estimation.building import build_pose_estimator
from modalities.skeleton.estimation.contract import People, PoseEstimator, Tracked
from modalities.skeleton.estimation.tracker import Tracker

__all__ = ["Assembled", "People", "PoseEstimator", "Tracked", "Tracker", "assemble", "build_pose_estimator"]

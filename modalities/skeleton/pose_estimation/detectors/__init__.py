"""Person detectors, one a file."""

from modalities.skeleton.pose_estimation.detectors.frame_skipping import FrameSkippingDetector
from modalities.skeleton.pose_estimation.detectors.whole_frame import WholeFrame
from modalities.skeleton.pose_estimation.detectors.yolox import Yolox

__all__ = ["FrameSkippingDetector", "WholeFrame", "Yolox"]

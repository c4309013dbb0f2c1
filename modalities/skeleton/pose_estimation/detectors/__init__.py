"""Person detectors, one a file."""

from modalities.detection.yolox import Yolox
from modalities.skeleton.pose_estimation.detectors.frame_skipping import FrameSkippingDetector
from modalities.skeleton.pose_estimation.detectors.whole_frame import WholeFrame

__all__ = ["FrameSkippingDetector", "WholeFrame", "Yolox"]

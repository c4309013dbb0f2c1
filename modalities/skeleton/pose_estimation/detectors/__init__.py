"""Person detectors, one a file."""

from triad.modalities.detection.yolox import Yolox
from triad.modalities.skeleton.pose_estimation.detectors.frame_skipping import FrameSkippingDetector
from triad.modalities.skeleton.pose_estimation.detectors.whole_frame import WholeFrame

__all__ = ["FrameSkippingDetector", "WholeFrame", "Yolox"]

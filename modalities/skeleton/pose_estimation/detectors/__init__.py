"""Where people are in a frame, one detector a file.

May import: ``modalities.skeleton.pose_estimation`` and the checks; torchvision only where a detector of its is built.
"""

from modalities.skeleton.pose_estimation.detectors.frame_skipping import FrameSkippingDetector
from modalities.skeleton.pose_estimation.detectors.whole_frame import WholeFrame
from modalities.skeleton.pose_estimation.detectors.yolox import Yolox

__all__ = ["FrameSkippingDetector", "WholeFrame", "Yolox"]

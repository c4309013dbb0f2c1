"""Where people are in a frame, one detector a file.

May import: ``modalities.skeleton.estimation`` and the checks; torchvision only where a detector of its is built.
"""

from modalities.skeleton.estimation.detectors.every_nth import EveryNth
from modalities.skeleton.estimation.detectors.whole_frame import WholeFrame
from modalities.skeleton.estimation.detectors.yolox import Yolox

__all__ = ["EveryNth", "WholeFrame", "Yolox"]

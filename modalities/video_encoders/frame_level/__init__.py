"""Image networks over the frames of a video, and what the first decade made of them: shifts, relations, stacks.

The image networks alone are the adapters ``TorchvisionImage`` and ``TimmImage``.
"""

from modalities.video_encoders.frame_level.trn import Trn
from modalities.video_encoders.frame_level.tsm import Tsm

__all__ = ["Trn", "Tsm"]

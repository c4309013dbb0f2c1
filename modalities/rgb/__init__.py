"""RGB: frames of video files on the clock, and their preparation for networks.

Lives here: the reader. The device side is ``modalities.rgb.transforms``, imported from there because it needs kornia.
May import: ``modalities`` except ``flow`` and ``skeleton``.
"""

from modalities.rgb.reader import RgbReader

__all__ = ["RgbReader"]

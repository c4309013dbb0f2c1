"""RGB: the reader of video frames, their transform, rendering and live source.

``transforms`` runs on the device.
"""

from triad.modalities.rgb.reader import RgbReader

__all__ = ["RgbReader"]

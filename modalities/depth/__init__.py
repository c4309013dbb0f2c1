"""Depth: 16-bit depth videos and pictures, their reader, transform and rendering.

A pixel is the distance along the optical axis in metres, 0 where the sensor measured none. ``transforms`` runs on the
device.
"""

from triad.modalities.depth.clip import DepthClip
from triad.modalities.depth.reader import MILLIMETRE, DepthReader
from triad.modalities.depth.rendering import depth_to_rgb

__all__ = ["MILLIMETRE", "DepthClip", "DepthReader", "depth_to_rgb"]

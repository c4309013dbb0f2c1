"""Skeletons: joint layouts and their graphs, the reader, transforms on the device, encoders, and drawing.

Encoders and transforms are imported from their folders, pose estimation and lifting too.
"""

from modalities.skeleton.layouts import Layout, get_layout
from modalities.skeleton.reader import PoseReader
from modalities.skeleton.rendering import draw_skeleton

__all__ = ["Layout", "PoseReader", "draw_skeleton", "get_layout"]

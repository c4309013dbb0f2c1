"""Skeletons: joint layouts, their graphs, the reader, transforms on the device, encoders, pictures.

May import: torch, torch-geometric, OpenCV and the files of ``modalities``; never ``modalities.rgb`` or ``flow``.
Encoders and transforms are imported from their folders.
"""

from modalities.skeleton.layouts import Layout, get_layout
from modalities.skeleton.reader import PoseReader
from modalities.skeleton.rendering import draw_skeleton

__all__ = ["Layout", "PoseReader", "draw_skeleton", "get_layout"]

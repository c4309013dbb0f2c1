"""Recognition of daily-living actions from RGB, optical flow and 3D skeletons.

``modalities`` turns files into feature maps, ``fusion`` feature maps into decisions; both stand beside this folder in a
clone, as do ``configs`` and ``tools``, the commands. Importing this package loads none of them.
"""

from pathlib import Path

CONFIGS = Path(__file__).parent / "configs"
"""Folder of the shipped configs."""

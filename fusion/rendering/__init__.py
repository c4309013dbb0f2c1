"""Pictures of samples: every stream of a record on one clock, and where a model looks.

May import: ``modalities``, ``fusion.data``, ``fusion.attention``, ``fusion.models``, ``fusion.training``,
``fusion.evaluation``.
"""

from fusion.rendering.gallery import gallery
from fusion.rendering.gaze import Gaze, find_gaze, has_gaze, open_gaze
from fusion.rendering.sample import render_sample
from fusion.rendering.sheet import to_png

__all__ = ["Gaze", "find_gaze", "gallery", "has_gaze", "open_gaze", "render_sample", "to_png"]

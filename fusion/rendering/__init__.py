"""Pictures of samples: every stream of a record on one clock, where a model looks, and why it says what it says.

May import: ``modalities``, ``fusion.data``, ``fusion.attention``, ``fusion.models``, ``fusion.explanation``,
``fusion.training``, ``fusion.evaluation``.
"""

from fusion.rendering.gallery import gallery
from fusion.rendering.look import Look, find_look, has_look, open_look
from fusion.rendering.sample import render_sample
from fusion.rendering.sheet import to_png
from fusion.rendering.video import render_video

__all__ = ["Look", "find_look", "gallery", "has_look", "open_look", "render_sample", "render_video", "to_png"]

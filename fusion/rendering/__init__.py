"""Pictures of samples: every stream of a record on one clock, where a model looks, and why it says what it says.

May import: ``modalities``, ``fusion.data``, ``fusion.attention``, ``fusion.models``, ``fusion.explanation``,
``fusion.training``, ``fusion.evaluation``.
"""

from fusion.rendering.contact_sheet import to_png
from fusion.rendering.explanation import Explanation, can_explain, explain_sample, open_explainer
from fusion.rendering.gallery import gallery
from fusion.rendering.sample_picture import render_sample
from fusion.rendering.sample_video import render_video

__all__ = [
    "Explanation",
    "can_explain",
    "explain_sample",
    "gallery",
    "open_explainer",
    "render_sample",
    "render_video",
    "to_png",
]

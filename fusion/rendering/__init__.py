"""Pictures and videos of samples: every stream of a record on one clock, and explanations of a model's prediction."""

from fusion.rendering.attention_file import write_attention
from fusion.rendering.clip_rows import color_of_stream
from fusion.rendering.contact_sheet import to_png
from fusion.rendering.explanation import Explainer, Explanation
from fusion.rendering.gallery import draw_gallery
from fusion.rendering.open_explainer import can_explain, open_explainer
from fusion.rendering.sample_picture import render_sample
from fusion.rendering.sample_video import render_video

__all__ = [
    "Explainer",
    "Explanation",
    "can_explain",
    "color_of_stream",
    "draw_gallery",
    "open_explainer",
    "render_sample",
    "render_video",
    "to_png",
    "write_attention",
]

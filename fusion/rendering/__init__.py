"""Pictures and videos of samples: every stream of a record on one clock, and explanations of a model's prediction."""

from triad.fusion.rendering.attention_file import write_attention
from triad.fusion.rendering.clip_rows import color_of_stream
from triad.fusion.rendering.contact_sheet import to_png
from triad.fusion.rendering.explanation import Explainer, Explanation
from triad.fusion.rendering.gallery import draw_gallery
from triad.fusion.rendering.open_explainer import can_explain, open_explainer
from triad.fusion.rendering.sample_picture import render_sample
from triad.fusion.rendering.sample_video import render_video

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

"""Parts that several video networks share."""

from modalities.video_encoders.layers.frames import PerFrame, fold_times, mean_over_valid, unfold_times
from modalities.video_encoders.layers.input_conv import replace_input_conv
from modalities.video_encoders.layers.output_shape import find_output_shape

__all__ = [
    "PerFrame",
    "find_output_shape",
    "fold_times",
    "mean_over_valid",
    "replace_input_conv",
    "unfold_times",
]

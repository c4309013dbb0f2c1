"""Parts that several video networks share."""

from modalities.video_encoders.layers.frames import PerFrame, fold_times, mean_over_valid, unfold_times
from modalities.video_encoders.layers.full_layers import full_layers
from modalities.video_encoders.layers.initialisation import initialise_relu_layers
from modalities.video_encoders.layers.input_conv import replace_input_conv
from modalities.video_encoders.layers.output_shape import find_output_shape
from modalities.video_encoders.layers.temporal_shift import (
    ShiftedResidual,
    insert_shift,
    residual_parts,
    temporal_shift,
)

__all__ = [
    "PerFrame",
    "ShiftedResidual",
    "find_output_shape",
    "fold_times",
    "full_layers",
    "initialise_relu_layers",
    "insert_shift",
    "mean_over_valid",
    "replace_input_conv",
    "residual_parts",
    "temporal_shift",
    "unfold_times",
]

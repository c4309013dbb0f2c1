"""Parts that several video networks share, among them attention blocks for any place in a convolutional network."""

from triad.modalities.video_encoders.layers.attention_block import Attended, AttentionBlock
from triad.modalities.video_encoders.layers.cbam import Cbam
from triad.modalities.video_encoders.layers.cgnl import Cgnl
from triad.modalities.video_encoders.layers.frames import PerFrame, fold_times, mean_over_places, unfold_times
from triad.modalities.video_encoders.layers.full_layers import full_layers
from triad.modalities.video_encoders.layers.initialisation import initialise_relu_layers
from triad.modalities.video_encoders.layers.input_conv import replace_input_conv
from triad.modalities.video_encoders.layers.non_local import NonLocal
from triad.modalities.video_encoders.layers.output_shape import find_output_shape
from triad.modalities.video_encoders.layers.pyramid_non_local import PyramidNonLocal
from triad.modalities.video_encoders.layers.se import SqueezeExcitation
from triad.modalities.video_encoders.layers.self_attention import SelfAttention3d
from triad.modalities.video_encoders.layers.temporal_shift import (
    ShiftedResidual,
    insert_shift,
    residual_parts,
    temporal_shift,
)

__all__ = [
    "Attended",
    "AttentionBlock",
    "Cbam",
    "Cgnl",
    "NonLocal",
    "PerFrame",
    "PyramidNonLocal",
    "SelfAttention3d",
    "ShiftedResidual",
    "SqueezeExcitation",
    "find_output_shape",
    "fold_times",
    "full_layers",
    "initialise_relu_layers",
    "insert_shift",
    "mean_over_places",
    "replace_input_conv",
    "residual_parts",
    "temporal_shift",
    "unfold_times",
]

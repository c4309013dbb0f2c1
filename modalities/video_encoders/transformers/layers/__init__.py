"""Parts that several video transformers share."""

from triad.modalities.video_encoders.transformers.layers.attention import SelfAttention
from triad.modalities.video_encoders.transformers.layers.block import (
    Mlp,
    TransformerBlock,
    drop_path_rates,
    initialise_transformer,
    stack_blocks,
)
from triad.modalities.video_encoders.transformers.layers.clip_tokens import (
    ClipTokens,
    attend_jointly,
    attend_within_times,
)
from triad.modalities.video_encoders.transformers.layers.divided_block import DividedBlock
from triad.modalities.video_encoders.transformers.layers.patches import (
    FramePatches,
    TubeletEmbedding,
    central_frame_kernel,
    patch_grid,
)
from triad.modalities.video_encoders.transformers.layers.positions import (
    resize_grid,
    resize_times,
    resize_volume,
    sinusoidal_positions,
)

__all__ = [
    "ClipTokens",
    "DividedBlock",
    "FramePatches",
    "Mlp",
    "SelfAttention",
    "TransformerBlock",
    "TubeletEmbedding",
    "attend_jointly",
    "attend_within_times",
    "central_frame_kernel",
    "drop_path_rates",
    "initialise_transformer",
    "patch_grid",
    "resize_grid",
    "resize_times",
    "resize_volume",
    "sinusoidal_positions",
    "stack_blocks",
]

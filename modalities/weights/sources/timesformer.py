"""TimeSformer: key names of mmaction2, and the way from an image transformer.

The authors' own names (facebookresearch/TimeSformer) are this project's, under the prefix ``model.``.
"""

from __future__ import annotations

import re

from torch import Tensor

from triad.modalities.weights.sources.source import Source, Tensors

_LAYER = r"^transformer_layers\.layers\.(\d+)\."
_COMMON = (
    (r"^patch_embed\.projection\.", "patch_embed.proj."),
    (_LAYER + r"ffns\.0\.layers\.0\.0\.", r"blocks.\1.mlp.fc1."),
    (_LAYER + r"ffns\.0\.layers\.1\.", r"blocks.\1.mlp.fc2."),
)
_DIVIDED = (
    *_COMMON,
    (_LAYER + r"attentions\.0\.norm\.", r"blocks.\1.temporal_norm1."),
    (_LAYER + r"attentions\.0\.attn\.in_proj_", r"blocks.\1.temporal_attn.qkv."),
    (_LAYER + r"attentions\.0\.attn\.out_proj\.", r"blocks.\1.temporal_attn.proj."),
    (_LAYER + r"attentions\.0\.temporal_fc\.", r"blocks.\1.temporal_fc."),
    (_LAYER + r"attentions\.1\.norm\.", r"blocks.\1.norm1."),
    (_LAYER + r"attentions\.1\.attn\.in_proj_", r"blocks.\1.attn.qkv."),
    (_LAYER + r"attentions\.1\.attn\.out_proj\.", r"blocks.\1.attn.proj."),
    (_LAYER + r"ffns\.0\.norm\.", r"blocks.\1.norm2."),
)
_ONE_ATTENTION = (
    *_COMMON,
    (_LAYER + r"norms\.0\.", r"blocks.\1.norm1."),
    (_LAYER + r"norms\.1\.", r"blocks.\1.norm2."),
    (_LAYER + r"attentions\.0\.attn\.in_proj_", r"blocks.\1.attn.qkv."),
    (_LAYER + r"attentions\.0\.attn\.out_proj\.", r"blocks.\1.attn.proj."),
)
_FIRST_ATTENTION = "transformer_layers.layers.0.attentions.0.attn.in_proj_weight"
_SECOND_ATTENTION = "transformer_layers.layers.0.attentions.1.attn.in_proj_weight"


def _convert_openmmlab(weights: Tensors) -> dict[str, Tensor]:
    rules = _DIVIDED if _SECOND_ATTENTION in weights else _ONE_ATTENTION
    renamed = {}
    for key, value in weights.items():
        for pattern, replacement in rules:
            key = re.sub(pattern, replacement, key)
        renamed[key] = value
    return renamed


def _convert_image_transformer(weights: Tensors) -> dict[str, Tensor]:
    """Copy the attention over space to the one over time, with its norm, as the authors' code does."""
    copies = {
        re.sub(r"^(blocks\.\d+\.)(norm1|attn)\.", r"\1temporal_\2.", key): value
        for key, value in weights.items()
        if re.match(r"blocks\.\d+\.(norm1|attn)\.", key)
    }
    return {**weights, **copies}


OPENMMLAB_TIMESFORMER = Source("TimeSformer of mmaction2", (_FIRST_ATTENTION,), _convert_openmmlab)
IMAGE_TRANSFORMER = Source(
    "ViT of timm for TimeSformer",
    ("blocks.0.attn.qkv.weight", "pos_embed", "cls_token", "patch_embed.proj.weight"),
    _convert_image_transformer,
    from_layout=("temporal_fc.weight", "temporal_fc.bias", "time_embed"),
    absent=("blocks.0.temporal_attn.qkv.weight",),
)

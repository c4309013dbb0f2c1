"""Key names of TimeSformer's published weights."""

from __future__ import annotations

import re
from collections.abc import Mapping

from torch import Tensor

_LAYER = r"^transformer_layers\.layers\.(\d+)\."
_COMMON = (
    (r"^patch_embed\.projection\.", "patch_embed.proj."),
    (_LAYER + r"ffns\.0\.layers\.0\.0\.", r"blocks.\1.mlp.fc1."),
    (_LAYER + r"ffns\.0\.layers\.1\.", r"blocks.\1.mlp.fc2."),
)
_DIVIDED = (
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
    (_LAYER + r"norms\.0\.", r"blocks.\1.norm1."),
    (_LAYER + r"norms\.1\.", r"blocks.\1.norm2."),
    (_LAYER + r"attentions\.0\.attn\.in_proj_", r"blocks.\1.attn.qkv."),
    (_LAYER + r"attentions\.0\.attn\.out_proj\.", r"blocks.\1.attn.proj."),
)


def rename_timesformer_keys(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return a published state dict under the key names of :class:`TimeSformer`, without its classifier.

    Args:
        state: state dict of the authors' code, whose names are ours after the prefix ``model.``, or of mmaction2 (all
            of it, or its backbone).
    """
    state = {re.sub(r"^(model|backbone)\.", "", key): value for key, value in state.items()}
    divided = any(".attentions.1." in key for key in state)
    rules = (*_COMMON, *(_DIVIDED if divided else _ONE_ATTENTION))
    renamed = {}
    for key, value in state.items():
        if not key.startswith(("head.", "cls_head.")):
            for pattern, replacement in rules:
                key = re.sub(pattern, replacement, key)
            renamed[key] = value
    return renamed

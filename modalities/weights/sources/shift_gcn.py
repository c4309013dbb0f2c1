"""Shift-GCN: key names of kchengiva/Shift-GCN for ``ShiftGcn``.

The tables of the spatial shift are computed here, and the shifts across joints, which the published code keeps at zero,
do not exist. A temporal shift beyond ``reach`` is clamped to it.
"""

from __future__ import annotations

from torch import Tensor

from triad.modalities.weights.sources.source import Source, Tensors, Translation
from triad.modalities.weights.sources.stgcn import RESIDUAL


def _convert(weights: Tensors) -> dict[str, Tensor]:
    translation = Translation(weights)
    translation.module("data_norm", "data_bn")
    names = {
        "spatial.norm": "gcn1.bn",
        "spatial.residual.0": "gcn1.down.0",
        "spatial.residual.1": "gcn1.down.1",
        "temporal.norm_in": "tcn1.bn",
        "temporal.conv": "tcn1.temporal_linear",
        "temporal.norm_out": "tcn1.bn2",
    }
    for index, source in enumerate(translation.blocks("l{}.")):
        block = f"blocks.{index}."
        translation.modules(block, source, names | RESIDUAL)
        translation.tensor(f"{block}spatial.mask", f"{source}gcn1.Feature_Mask", lambda mask: mask[0])
        translation.tensor(f"{block}spatial.linear.weight", f"{source}gcn1.Linear_weight", lambda weight: weight.T)
        translation.tensor(f"{block}spatial.linear.bias", f"{source}gcn1.Linear_bias", lambda bias: bias.flatten())
        for name in ("shift_in", "shift_out"):
            translation.tensor(f"{block}temporal.{name}.shift", f"{source}tcn1.{name}.ypos")
    translation.drop("gcn1.shift_in", "gcn1.shift_out", "xpos")
    return translation.result()


SHIFT_GCN = Source("Shift-GCN of kchengiva/Shift-GCN", ("l1.gcn1.Feature_Mask",), _convert)

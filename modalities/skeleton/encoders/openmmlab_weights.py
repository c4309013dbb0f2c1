"""Weights of mmaction2's and pyskl's ST-GCN++ under the names of ours."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from modalities.checks import fail

_BLOCK = {  # ours: theirs, within a block
    "spatial.conv": "gcn.conv",
    "spatial.norm": "gcn.bn",
    "spatial.residual.0": "gcn.down.0",
    "spatial.residual.1": "gcn.down.1",
    "temporal.plain": "tcn.branches.5",
    "temporal.merge_norm": "tcn.transform.0",
    "temporal.merge": "tcn.transform.2",
    "temporal.norm": "tcn.bn",
    "residual.0": "residual.conv",
    "residual.1": "residual.bn",
} | {f"temporal.dilated.{branch}": f"tcn.branches.{branch}.3.conv" for branch in range(4)}
_JOINED = {  # ours is theirs of five branches, one after the other
    "temporal.reduce": [f"tcn.branches.{branch}.0" for branch in range(5)],
    "temporal.reduce_norm": [f"tcn.branches.{branch}.1" for branch in range(5)],
}


def from_openmmlab(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A state dict of ``StGcnPlusPlus`` with the values of mmaction2's ``STGCN`` configured as ST-GCN++.

    That is ``gcn_adaptive="init", gcn_with_res=True, tcn_type="mstcn"``. Keys of a whole recognizer (``backbone.…``)
    are understood too; its head is left out.

    Raises:
        InputError: if the weights are of something else.
    """
    if any(key.startswith("backbone.") for key in weights):
        weights = {k.removeprefix("backbone."): v for k, v in weights.items() if k.startswith("backbone.")}
    if "gcn.0.gcn.A" not in weights or "gcn.0.tcn.branches.5.weight" not in weights:
        fail("weights", "be of mmaction2's or pyskl's ST-GCN++", f"keys such as {sorted(weights)[:3]}")
    ours = {f"data_norm.{kind}": value for kind, value in _kinds(weights, "data_bn").items()}
    blocks = 1 + max(int(key.split(".")[1]) for key in weights if key.startswith("gcn."))
    for block in range(blocks):
        ours[f"blocks.{block}.spatial.adjacency"] = weights[f"gcn.{block}.gcn.A"]
        for name, theirs in _BLOCK.items():
            for kind, value in _kinds(weights, f"gcn.{block}.{theirs}").items():
                ours[f"blocks.{block}.{name}.{kind}"] = value
        for name, parts in _JOINED.items():
            found = [_kinds(weights, f"gcn.{block}.{part}") for part in parts]
            for kind, first in found[0].items():
                ours[f"blocks.{block}.{name}.{kind}"] = (
                    torch.cat([part[kind] for part in found]) if first.ndim else first
                )
    return ours


def _kinds(weights: Mapping[str, Tensor], module: str) -> dict[str, Tensor]:
    """``{"weight": …, "bias": …, …}`` of a module, empty where there is none."""
    return {key.rpartition(".")[2]: value for key, value in weights.items() if key.rpartition(".")[0] == module}

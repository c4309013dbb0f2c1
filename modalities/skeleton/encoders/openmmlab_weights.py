"""Weights of mmaction2's and pyskl's graph networks under the names of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from modalities.checks import fail


class KeyMap(NamedTuple):
    """How a family's blocks are called: ours → theirs, within a block, without the last word of a key.

    ``modules`` are one to one; what ours has in one, ``joined`` lists along the first axis and ``side_by_side`` along
    the second; ``tensors`` go by their whole key.
    """

    blocks: str
    modules: dict[str, str]
    joined: dict[str, list[str]]
    tensors: dict[str, str]
    side_by_side: dict[str, list[str]]


_RESIDUAL = {"residual.0": "residual.conv", "residual.1": "residual.bn"}
_TCN = {"temporal.0": "tcn.conv", "temporal.1": "tcn.bn"}


def _gcn(ours: str, theirs: str = "gcn") -> dict[str, str]:
    """The normalisation of a graph convolution and the way around it."""
    return {f"{ours}.norm": f"{theirs}.bn"} | {f"{ours}.residual.{i}": f"{theirs}.down.{i}" for i in range(2)}


def _branches(numbers: range, theirs: str, part: str) -> list[str]:
    return [f"{theirs}.{number}.{part}" for number in numbers]


_STGCN = KeyMap(
    blocks="gcn",
    modules=_gcn("spatial") | _RESIDUAL | _TCN | {"spatial.conv": "gcn.conv"},
    joined={},
    tensors={"spatial.graph": "gcn.A", "spatial.importance": "gcn.PA"},
    side_by_side={},
)
_STGCN_PLUS_PLUS = KeyMap(
    blocks="gcn",
    modules=_gcn("spatial")
    | _RESIDUAL
    | {
        "spatial.conv": "gcn.conv",
        "temporal.0.plain": "tcn.branches.5",
        "temporal.0.norm": "tcn.transform.0",
        "temporal.2": "tcn.transform.2",
        "temporal.3": "tcn.bn",
    }
    | {f"temporal.0.dilated.{branch}": f"tcn.branches.{branch}.3.conv" for branch in range(4)},
    joined={
        "temporal.0.reduce": _branches(range(5), "tcn.branches", "0"),
        "temporal.0.reduce_norm": _branches(range(5), "tcn.branches", "1"),
    },
    tensors={"spatial.adjacency": "gcn.A"},
    side_by_side={},
)
_AAGCN = KeyMap(
    blocks="gcn",
    modules=_gcn("spatial.0")
    | _RESIDUAL
    | _TCN
    | {
        "spatial.1.joints": "gcn.conv_sa",
        "spatial.1.times": "gcn.conv_ta",
        "spatial.1.squeeze": "gcn.fc1c",
        "spatial.1.excite": "gcn.fc2c",
    },
    joined={"spatial.0.embed": [f"gcn.conv_{which}.{part}" for which in "ab" for part in range(3)]},
    tensors={"spatial.0.adjacency": "gcn.A", "spatial.0.gate": "gcn.alpha"},
    side_by_side={"spatial.0.conv": [f"gcn.conv_d.{part}" for part in range(3)]},
)
_CTRGCN = KeyMap(
    blocks="net",
    modules=_gcn("spatial", "gcn1")
    | _RESIDUAL
    | {f"spatial.convs.{part}": f"gcn1.convs.{part}.conv3" for part in range(3)}
    | {f"temporal.0.dilated.{branch}": f"tcn1.branches.{branch}.3.conv" for branch in range(2)}
    | {"temporal.0.plain": "tcn1.branches.3.0"},
    joined={
        "spatial.embed": [f"gcn1.convs.{part}.conv{which}" for which in (1, 2) for part in range(3)],
        "spatial.refine": [f"gcn1.convs.{part}.conv4" for part in range(3)],
        "temporal.0.reduce": _branches(range(3), "tcn1.branches", "0"),
        "temporal.0.reduce_norm": _branches(range(3), "tcn1.branches", "1"),
        "temporal.0.norm": [f"tcn1.branches.{branch}" for branch in ("0.3.bn", "1.3.bn", "2.4", "3.1")],
    },
    tensors={"spatial.adjacency": "gcn1.A", "spatial.gate": "gcn1.alpha"},
    side_by_side={},
)
_FAMILIES = {  # a key that only this family has: its map; the first that fits serves
    "gcn.0.tcn.branches.5.weight": _STGCN_PLUS_PLUS,
    "gcn.0.gcn.PA": _STGCN,
    "gcn.0.gcn.conv_d.0.weight": _AAGCN,
    "net.0.gcn1.convs.0.conv3.weight": _CTRGCN,
}


def from_openmmlab(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A state dict of one of our encoders with the values of mmaction2's or pyskl's; keys say which.

    - ``StGcn``: ``STGCN`` as configured by default. Its graphs come along, so its layout need only have as many
      joints.
    - ``StGcnPlusPlus``: ``STGCN`` with ``gcn_adaptive="init", gcn_with_res=True, tcn_type="mstcn"``.
    - ``Aagcn``: ``AAGCN``; with ``gcn_attention=False`` (called 2s-AGCN there) it is ``Aagcn(attention=False)``.
    - ``CtrGcn(temporal_relu=True)``: ``CTRGCN`` of pyskl and of mmaction2's projects.

    Keys of a whole recognizer (``backbone.…``) are understood too; its head is left out.

    Raises:
        InputError: if the weights are of something else.
    """
    if any(key.startswith("backbone.") for key in weights):
        weights = {k.removeprefix("backbone."): v for k, v in weights.items() if k.startswith("backbone.")}
    family = next((known for key, known in _FAMILIES.items() if key in weights), None)
    must = "be of mmaction2's or pyskl's ST-GCN, ST-GCN++, AAGCN or CTR-GCN"
    if family is None:
        fail("weights", must, f"keys such as {sorted(weights)[:3]}")
    for name in family.tensors.values():
        if (key := f"{family.blocks}.0.{name}") not in weights:
            fail("weights", must, f"a variant without {key}")
    ours = {f"data_norm.{kind}": value for kind, value in _kinds(weights, "data_bn").items()}
    for block in sorted({int(key.split(".")[1]) for key in weights if key.startswith(f"{family.blocks}.")}):
        found = _block(family, weights, f"{family.blocks}.{block}.")
        ours |= {f"blocks.{block}.{name}": value for name, value in found.items()}
    return ours


def _block(family: KeyMap, weights: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    ours = {name: weights[prefix + theirs] for name, theirs in family.tensors.items()}
    for name, theirs in family.modules.items():
        ours |= {f"{name}.{kind}": value for kind, value in _kinds(weights, prefix + theirs).items()}
    for name, parts in family.joined.items():
        found = [_kinds(weights, prefix + part) for part in parts]
        ours |= {f"{name}.{kind}": value for kind, value in _join(found).items()}
    for name, parts in family.side_by_side.items():
        found = [_kinds(weights, prefix + part) for part in parts]
        ours[f"{name}.weight"] = torch.cat([part["weight"] for part in found], 1)
        ours[f"{name.rpartition('.')[0]}.bias"] = torch.stack([part["bias"] for part in found])
    return ours


def _join(parts: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Values of each kind end to end; counters are the first one's."""
    return {
        kind: torch.cat([part[kind] for part in parts]) if first.ndim else first for kind, first in parts[0].items()
    }


def _kinds(weights: Mapping[str, Tensor], module: str) -> dict[str, Tensor]:
    """``{"weight": …, "bias": …, …}`` of a module, empty where there is none."""
    return {key.rpartition(".")[2]: value for key, value in weights.items() if key.rpartition(".")[0] == module}

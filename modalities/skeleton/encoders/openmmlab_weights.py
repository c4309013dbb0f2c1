"""Conversion of weights of mmaction2's and pyskl's graph networks to the key names of this project's encoders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from modalities.checks import fail


class KeyMap(NamedTuple):
    """Key names of a network family's blocks: this project's → OpenMMLab's, within a block.

    Attributes:
        blocks: name of OpenMMLab's list of blocks.
        modules: modules that correspond one to one.
        joined: modules that join several along the first axis.
        side_by_side: convolutions that join several along the second axis.
        tensors: whole keys of single tensors.
    """

    blocks: str
    modules: dict[str, str]
    joined: dict[str, list[str]]
    tensors: dict[str, str]
    side_by_side: dict[str, list[str]]


_RESIDUAL = {"residual.0": "residual.conv", "residual.1": "residual.bn"}
_TCN = {"temporal.0": "tcn.conv", "temporal.1": "tcn.bn"}


def _gcn(name: str, openmmlab_name: str = "gcn") -> dict[str, str]:
    """Return the normalisation and the residual of a graph convolution."""
    residual = {f"{name}.residual.{i}": f"{openmmlab_name}.down.{i}" for i in range(2)}
    return {f"{name}.norm": f"{openmmlab_name}.bn"} | residual


def _branches(numbers: range, prefix: str, module: str) -> list[str]:
    return [f"{prefix}.{number}.{module}" for number in numbers]


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
    joined={"spatial.0.embed": [f"gcn.conv_{letter}.{subset}" for letter in "ab" for subset in range(3)]},
    tensors={"spatial.0.adjacency": "gcn.A", "spatial.0.gate": "gcn.alpha"},
    side_by_side={"spatial.0.conv": [f"gcn.conv_d.{subset}" for subset in range(3)]},
)
_CTRGCN = KeyMap(
    blocks="net",
    modules=_gcn("spatial", "gcn1")
    | _RESIDUAL
    | {f"spatial.convs.{subset}": f"gcn1.convs.{subset}.conv3" for subset in range(3)}
    | {f"temporal.0.dilated.{branch}": f"tcn1.branches.{branch}.3.conv" for branch in range(2)}
    | {"temporal.0.plain": "tcn1.branches.3.0"},
    joined={
        "spatial.embed": [f"gcn1.convs.{subset}.conv{number}" for number in (1, 2) for subset in range(3)],
        "spatial.refine": [f"gcn1.convs.{subset}.conv4" for subset in range(3)],
        "temporal.0.reduce": _branches(range(3), "tcn1.branches", "0"),
        "temporal.0.reduce_norm": _branches(range(3), "tcn1.branches", "1"),
        "temporal.0.norm": [f"tcn1.branches.{branch}" for branch in ("0.3.bn", "1.3.bn", "2.4", "3.1")],
    },
    tensors={"spatial.adjacency": "gcn1.A", "spatial.gate": "gcn1.alpha"},
    side_by_side={},
)
_FAMILIES = {  # a key that only this family has; the first match decides
    "gcn.0.tcn.branches.5.weight": _STGCN_PLUS_PLUS,
    "gcn.0.gcn.PA": _STGCN,
    "gcn.0.gcn.conv_d.0.weight": _AAGCN,
    "net.0.gcn1.convs.0.conv3.weight": _CTRGCN,
}


def from_openmmlab(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return mmaction2's or pyskl's weights as a state dict of the corresponding encoder; the keys tell which.

    - ``StGcn``: ``STGCN`` as configured by default. Its adjacency is part of the weights, so the layout only needs as
      many joints.
    - ``StGcnPlusPlus``: ``STGCN`` with ``gcn_adaptive="init", gcn_with_res=True, tcn_type="mstcn"``.
    - ``Aagcn``: ``AAGCN``; with ``gcn_attention=False`` (called 2s-AGCN there) it is ``Aagcn(attention=False)``.
    - ``CtrGcn(temporal_relu=True)``: ``CTRGCN`` of pyskl and of mmaction2's projects.

    Args:
        weights: state dict of the backbone, or of a whole recognizer (``backbone.…``), whose head is left out.

    Raises:
        InputError: for weights of another network.
    """
    if any(key.startswith("backbone.") for key in weights):
        weights = {k.removeprefix("backbone."): v for k, v in weights.items() if k.startswith("backbone.")}
    family = next((key_map for key, key_map in _FAMILIES.items() if key in weights), None)
    must = "be of mmaction2's or pyskl's ST-GCN, ST-GCN++, AAGCN or CTR-GCN"
    if family is None:
        fail("weights", must, f"keys such as {sorted(weights)[:3]}")
    for name in family.tensors.values():
        if (key := f"{family.blocks}.0.{name}") not in weights:
            fail("weights", must, f"a variant without {key}")
    state = {f"data_norm.{name}": value for name, value in _module_tensors(weights, "data_bn").items()}
    for block in sorted({int(key.split(".")[1]) for key in weights if key.startswith(f"{family.blocks}.")}):
        converted = _convert_block(family, weights, f"{family.blocks}.{block}.")
        state |= {f"blocks.{block}.{name}": value for name, value in converted.items()}
    return state


def _convert_block(family: KeyMap, weights: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    state = {key: weights[prefix + source] for key, source in family.tensors.items()}
    for module, source in family.modules.items():
        state |= {f"{module}.{name}": value for name, value in _module_tensors(weights, prefix + source).items()}
    for module, sources in family.joined.items():
        tensors = [_module_tensors(weights, prefix + source) for source in sources]
        state |= {f"{module}.{name}": value for name, value in _join(tensors).items()}
    for module, sources in family.side_by_side.items():
        tensors = [_module_tensors(weights, prefix + source) for source in sources]
        state[f"{module}.weight"] = torch.cat([tensor["weight"] for tensor in tensors], 1)
        state[f"{module.rpartition('.')[0]}.bias"] = torch.stack([tensor["bias"] for tensor in tensors])
    return state


def _join(modules: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Concatenate the tensors of several modules by name; counters are taken from the first module."""
    return {
        name: torch.cat([module[name] for module in modules]) if first.ndim else first
        for name, first in modules[0].items()
    }


def _module_tensors(weights: Mapping[str, Tensor], module: str) -> dict[str, Tensor]:
    """Return ``{"weight": …, "bias": …, …}`` of a module, empty where it has no weights."""
    return {key.rpartition(".")[2]: value for key, value in weights.items() if key.rpartition(".")[0] == module}

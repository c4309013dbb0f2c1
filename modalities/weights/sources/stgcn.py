"""ST-GCN and ST-GCN++: key names of yysijie/st-gcn, mmaction2 and pyskl for ``StGcn`` and ``StGcnPlusPlus``."""

from __future__ import annotations

from torch import Tensor

from triad.modalities.weights.sources.source import Source, Tensors, Translation

RESIDUAL = {"residual.0": "residual.conv", "residual.1": "residual.bn"}
"""Residual connection of a block, as mmaction2, pyskl and the code of 2s-AGCN and its successors name it."""


def graph_names(name: str, published_name: str) -> dict[str, str]:
    """Return the names of the normalisation and the residual of a graph convolution."""
    residual = {f"{name}.residual.{i}": f"{published_name}.down.{i}" for i in range(2)}
    return {f"{name}.norm": f"{published_name}.bn"} | residual


def _convert_official(weights: Tensors) -> dict[str, Tensor]:
    """The adjacency is one buffer for all blocks, the importance of edges a list beside them."""
    translation = Translation(weights)
    translation.module("data_norm", "data_bn")
    names = {
        "spatial.conv": "gcn.conv",
        "spatial.norm": "tcn.0",
        "temporal.0": "tcn.2",
        "temporal.1": "tcn.3",
        "residual.0": "residual.0",
        "residual.1": "residual.1",
    }
    for index, source in enumerate(translation.blocks("st_gcn_networks.{}.")):
        block = f"blocks.{index}."
        translation.modules(block, source, names)
        translation.tensor(f"{block}spatial.importance", f"edge_importance.{index}")
        translation.tensor(f"{block}spatial.graph", "A")
    return translation.result()


def _convert_openmmlab(weights: Tensors) -> dict[str, Tensor]:
    """Every block has an adjacency of its own, so that the layout only needs as many joints."""
    translation = Translation(weights)
    translation.module("data_norm", "data_bn")
    names = graph_names("spatial", "gcn") | RESIDUAL
    names |= {"spatial.conv": "gcn.conv", "temporal.0": "tcn.conv", "temporal.1": "tcn.bn"}
    for index, source in enumerate(translation.blocks("gcn.{}.")):
        block = f"blocks.{index}."
        translation.modules(block, source, names)
        translation.tensor(f"{block}spatial.graph", f"{source}gcn.A")
        translation.tensor(f"{block}spatial.importance", f"{source}gcn.PA")
    return translation.result()


def _convert_plus_plus(weights: Tensors) -> dict[str, Tensor]:
    translation = Translation(weights)
    translation.module("data_norm", "data_bn")
    names = graph_names("spatial", "gcn") | RESIDUAL
    names |= {f"temporal.0.dilated.{branch}": f"tcn.branches.{branch}.3.conv" for branch in range(4)}
    names |= {
        "spatial.conv": "gcn.conv",
        "temporal.0.plain": "tcn.branches.5",
        "temporal.0.norm": "tcn.transform.0",
        "temporal.2": "tcn.transform.2",
        "temporal.3": "tcn.bn",
    }
    for index, source in enumerate(translation.blocks("gcn.{}.")):
        block = f"blocks.{index}."
        translation.modules(block, source, names)
        translation.join(f"{block}temporal.0.reduce", [f"{source}tcn.branches.{branch}.0" for branch in range(5)])
        translation.join(f"{block}temporal.0.reduce_norm", [f"{source}tcn.branches.{branch}.1" for branch in range(5)])
        translation.tensor(f"{block}spatial.adjacency", f"{source}gcn.A")
    return translation.result()


STGCN = Source("ST-GCN of yysijie/st-gcn", ("st_gcn_networks.0.gcn.conv.weight",), _convert_official)
OPENMMLAB_STGCN = Source("ST-GCN of mmaction2 or pyskl", ("gcn.0.gcn.PA", "gcn.0.tcn.conv.weight"), _convert_openmmlab)
OPENMMLAB_STGCNPP = Source("ST-GCN++ of mmaction2 or pyskl", ("gcn.0.tcn.branches.5.weight",), _convert_plus_plus)

"""CTR-GCN: key names of Uason-Chen/CTR-GCN, pyskl and mmaction2's projects for ``CtrGcn``.

pyskl's network has a ReLU after each temporal convolution: ``CtrGcn(temporal_relu=True)``.
"""

from __future__ import annotations

from torch import Tensor

from triad.modalities.weights.sources.source import Source, Tensors, Translation
from triad.modalities.weights.sources.stgcn import RESIDUAL, graph_names


def _move_temporal(translation: Translation, block: str, source: str) -> None:
    """Move the four temporal branches: two dilated ones, one of pooling, one of a plain 1×1 convolution."""
    names = {f"temporal.0.dilated.{branch}": f"tcn1.branches.{branch}.3.conv" for branch in range(2)}
    translation.modules(block, source, names | {"temporal.0.plain": "tcn1.branches.3.0"} | RESIDUAL)
    branches = f"{source}tcn1.branches"
    translation.join(f"{block}temporal.0.reduce", [f"{branches}.{branch}.0" for branch in range(3)])
    translation.join(f"{block}temporal.0.reduce_norm", [f"{branches}.{branch}.1" for branch in range(3)])
    last_norms = ("0.3.bn", "1.3.bn", "2.4", "3.1")
    translation.join(f"{block}temporal.0.norm", [f"{branches}.{norm}" for norm in last_norms])


def _subsets(source: str, number: int) -> list[str]:
    return [f"{source}gcn1.convs.{subset}.conv{number}" for subset in range(3)]


def _convert(weights: Tensors, *, blocks: str, transposed: bool) -> dict[str, Tensor]:
    """Convert CTR-GCN.

    Args:
        weights: tensors under the publisher's names.
        blocks: template of the blocks' prefixes.
        transposed: True where the adjacency is indexed by target, source, as by the authors; here and in pyskl it is
            source, target. The difference of the two embeddings is then taken the other way round, and since tanh is
            odd, exchanging the embeddings and the sign of the convolution after it gives the same network.
    """
    translation = Translation(weights)
    translation.module("data_norm", "data_bn")
    names = graph_names("spatial", "gcn1")
    names |= {f"spatial.convs.{subset}": f"gcn1.convs.{subset}.conv3" for subset in range(3)}
    first, second = (2, 1) if transposed else (1, 2)
    adjacency = "PA" if transposed else "A"
    for index, source in enumerate(translation.blocks(blocks)):
        block = f"blocks.{index}."
        translation.modules(block, source, names)
        _move_temporal(translation, block, source)
        translation.join(f"{block}spatial.embed", _subsets(source, first) + _subsets(source, second))
        translation.join(f"{block}spatial.refine", _subsets(source, 4))
        translation.tensor(f"{block}spatial.adjacency", f"{source}gcn1.{adjacency}")
        translation.tensor(f"{block}spatial.gate", f"{source}gcn1.alpha")
    translation.drop("A")
    state = translation.result()
    if transposed:
        for key in state:
            if key.endswith("spatial.adjacency"):
                state[key] = state[key].transpose(1, 2).contiguous()
            elif key.endswith("spatial.refine.weight"):
                state[key] = -state[key]
    return state


def _convert_official(weights: Tensors) -> dict[str, Tensor]:
    return _convert(weights, blocks="l{}.", transposed=True)


def _convert_openmmlab(weights: Tensors) -> dict[str, Tensor]:
    return _convert(weights, blocks="net.{}.", transposed=False)


CTRGCN = Source("CTR-GCN of Uason-Chen/CTR-GCN", ("l1.gcn1.convs.0.conv3.weight",), _convert_official)
OPENMMLAB_CTRGCN = Source("CTR-GCN of pyskl or mmaction2", ("net.0.gcn1.convs.0.conv3.weight",), _convert_openmmlab)

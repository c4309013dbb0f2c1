"""2s-AGCN and AAGCN: key names of lshiwjx/2s-AGCN, mmaction2 and pyskl for ``TwoStreamAgcn`` and ``Aagcn``.

What mmaction2 and pyskl call 2s-AGCN is AAGCN without attention: ``Aagcn(attention=False)``.
"""

from __future__ import annotations

from functools import partial

from torch import Tensor

from triad.modalities.weights.sources.source import Source, Tensors, Translation
from triad.modalities.weights.sources.stgcn import RESIDUAL, graph_names


def _adaptive_graph(translation: Translation, target: str, source: str) -> None:
    """Move the convolutions of the three subsets, which are one convolution here."""
    translation.join(f"{target}.embed", [f"{source}.conv_{letter}.{subset}" for letter in "ab" for subset in range(3)])
    subsets = [f"{source}.conv_d.{subset}" for subset in range(3)]
    translation.concatenate(f"{target}.conv.weight", [f"{subset}.weight" for subset in subsets], axis=1)
    translation.stack(f"{target}.bias", [f"{subset}.bias" for subset in subsets])


def _convert_two_stream(weights: Tensors) -> dict[str, Tensor]:
    """The fixed adjacency is not in the file: the layout must be the one of its training."""
    translation = Translation(weights)
    translation.module("data_norm", "data_bn")
    names = graph_names("spatial", "gcn1") | RESIDUAL | {"temporal.0": "tcn1.conv", "temporal.1": "tcn1.bn"}
    for index, source in enumerate(translation.blocks("l{}.")):
        block = f"blocks.{index}."
        translation.modules(block, source, names)
        _adaptive_graph(translation, f"{block}spatial", f"{source}gcn1")
        translation.tensor(f"{block}spatial.offset", f"{source}gcn1.PA")
    return translation.result()


def _convert_aagcn(weights: Tensors, *, blocks: str, gcn: str, tcn: str, adjacency: str) -> dict[str, Tensor]:
    """Convert AAGCN, whose authors and OpenMMLab name the blocks and their halves differently."""
    translation = Translation(weights)
    translation.module("data_norm", "data_bn")
    names = graph_names("spatial.0", gcn) | RESIDUAL | {"temporal.0": f"{tcn}.conv", "temporal.1": f"{tcn}.bn"}
    attention = {"joints": "conv_sa", "times": "conv_ta", "squeeze": "fc1c", "excite": "fc2c"}
    names |= {f"spatial.1.{name}": f"{gcn}.{published_name}" for name, published_name in attention.items()}
    for index, source in enumerate(translation.blocks(blocks)):
        block = f"blocks.{index}."
        translation.modules(block, source, names)
        _adaptive_graph(translation, f"{block}spatial.0", f"{source}{gcn}")
        translation.tensor(f"{block}spatial.0.adjacency", f"{source}{gcn}.{adjacency}")
        translation.tensor(f"{block}spatial.0.gate", f"{source}{gcn}.alpha")
    translation.drop("A")
    return translation.result()


TWO_STREAM_AGCN = Source(
    "2s-AGCN of lshiwjx/2s-AGCN",
    ("l1.gcn1.conv_d.0.weight", "l1.gcn1.conv_a.0.weight"),
    _convert_two_stream,
    from_layout=("spatial.graph",),
    absent=("l1.gcn1.alpha",),
)
AAGCN = Source(
    "AAGCN of lshiwjx/2s-AGCN",
    ("l1.gcn1.conv_d.0.weight", "l1.gcn1.alpha"),
    partial(_convert_aagcn, blocks="l{}.", gcn="gcn1", tcn="tcn1", adjacency="PA"),
)
OPENMMLAB_AAGCN = Source(
    "AAGCN of mmaction2 or pyskl",
    ("gcn.0.gcn.conv_d.0.weight",),
    partial(_convert_aagcn, blocks="gcn.{}.", gcn="gcn", tcn="tcn", adjacency="A"),
)

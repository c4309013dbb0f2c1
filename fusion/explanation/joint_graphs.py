"""The attention and the graphs that a skeleton network itself holds: which joint hears which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from fusion.explanation.stream_score import StreamScore
from fusion.models import Recognizer
from modalities.checks import fail
from modalities.skeleton.encoders.layers import present_persons


class JointGraph(NamedTuple):
    """How much each joint hears each other one in one layer.

    Shapes: ``weights`` ``[M, T', K, V, V]``: person, time of the layer (one where it is the same at all), head or part
    of the graph, hearer, speaker. Persons who are not there are 0.
    """

    layer: str
    weights: Tensor


def joint_graphs(model: Recognizer, batch: Mapping[str, Any], *, stream: str) -> list[JointGraph]:
    """What the layers of an encoder weighed joints by for one sample, in order; empty where none does.

    A layer shows it in one of two ways: ``keep_attention``, a switch that makes it keep its weights in ``attention``
    (:class:`Hyperformer`, :class:`Sgn`), or ``adjacency_of(x)``, the graph by which it multiplies (ST-GCN and all that
    learn or change its graph). Of a graph for each channel (:class:`CtrGcn`) the mean is taken.

    Args:
        model: in evaluation.
        batch: of one sample, as the loader gives it.
        stream: of skeletons.

    Raises:
        InputError: if the batch is not of one sample with that stream.
    """
    score = StreamScore(model, batch, stream=stream)
    prepared = score.prepare(score.entry)
    found: dict[str, Tensor] = {}
    layers = dict(model.encoders[stream].named_modules())
    keepers: dict[str, Any] = {name: layer for name, layer in layers.items() if hasattr(layer, "keep_attention")}
    hooks = [
        layer.register_forward_pre_hook(_watch(found, name))
        for name, layer in layers.items()
        if hasattr(layer, "adjacency_of")
    ]
    try:
        for layer in keepers.values():
            layer.keep_attention = True
        with torch.no_grad():
            score.logits(prepared)
        found |= {name: layer.attention for name, layer in keepers.items()}
    finally:
        for hook in hooks:
            hook.remove()
        for layer in keepers.values():
            layer.keep_attention, layer.attention = False, None
    if not found:
        return []
    rows = present_persons(prepared["valid"])[0].nonzero()[:, 0]  # whom the encoder saw
    persons = prepared["valid"].shape[1]
    return [JointGraph(name, _place(found[name], rows, persons)) for name in layers if name in found]


def mean_graph(graphs: Sequence[JointGraph], *, times: int) -> Tensor:
    """The mean of all layers, as shares of what joints hear of others at a time.

    Signs are dropped, as are the weights that joints give themselves; each layer counts the same.

    Args:
        graphs: one or more.
        times: times of the result; those of a layer are repeated.

    Shapes: ``[M, times, V, V]`` hearer, speaker; sums to 1 over both, 0 for persons who are not there and where no
    joint hears another.

    Raises:
        InputError: without a graph.
    """
    if not graphs:
        fail("graphs to take the mean of", "be of at least one layer", "none")
    means = []
    for _, weights in graphs:
        mean = weights.abs().mean(2)  # [M, T', V, V]
        mean = mean * (1 - torch.eye(mean.shape[-1], device=mean.device))
        mean = mean / mean.sum((2, 3), keepdim=True).clamp(min=1e-12)
        place = torch.arange(times, device=mean.device) * mean.shape[1] // times
        means.append(mean[:, place])
    return torch.stack(means).mean(0)


def _watch(found: dict[str, Tensor], name: str) -> Any:
    def hook(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        found[name] = _hearers(layer.adjacency_of(inputs[0]), len(inputs[0]))  # type: ignore[operator]

    return hook


def _hearers(graph: Tensor | Sequence[Tensor], rows: int) -> Tensor:
    """``[K, V, V]``, ``[N, K, V, V]`` or ``K`` times ``[N·C, V, V]``, all source, target -> ``[N, 1, K, V, V]``."""
    if not isinstance(graph, Tensor):
        graph = torch.stack([part.unflatten(0, (rows, -1)).mean(1) for part in graph], 1)
    return graph.detach().expand(rows, *graph.shape[-3:]).transpose(-1, -2)[:, None]


def _place(weights: Tensor, rows: Tensor, persons: int) -> Tensor:
    """``[N, …]`` of the persons in ``rows`` -> ``[M, …]``."""
    full = weights.new_zeros(persons, *weights.shape[1:])
    full[rows] = weights
    return full

"""Attention and graphs over joints that a skeleton network itself holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from triad.fusion.explanation.stream_score import StreamScore
from triad.fusion.models import Recognizer
from triad.modalities.checks import fail
from triad.modalities.skeleton.present_persons import present_persons


class JointGraph(NamedTuple):
    """Weights by which each joint (target) takes from each other joint (source) in one layer.

    Shapes: ``weights`` ``[M, T', K, V, V]``: person, time of the layer (1 where it is the same at all times), head or
    part of the graph, target, source. Absent persons are 0.
    """

    layer: str
    weights: Tensor


def joint_graphs(model: Recognizer, batch: Mapping[str, Any], *, stream: str) -> list[JointGraph]:
    """Return the joint weights of an encoder's layers for one sample, in order; empty if it has none.

    A layer offers them in one of two ways: ``keep_attention``, a switch that makes it keep its weights in ``attention``
    (:class:`Hyperformer`, :class:`Sgn`), or ``adjacency_of(x)``, the graph by which it multiplies (ST-GCN and all that
    learn or change its graph). Of a graph for each channel (:class:`CtrGcn`) the mean is taken.

    Args:
        model: recognizer in evaluation mode.
        batch: batch of one sample, as the loader returns it.
        stream: name of a skeleton stream.

    Raises:
        InputError: If the batch is not of one sample with that stream.
    """
    score = StreamScore(model, batch, stream=stream)
    prepared = score.prepare(score.entry)
    weights: dict[str, Tensor] = {}
    layers = dict(model.encoders[stream].named_modules())
    attention_layers: dict[str, Any] = {
        name: layer for name, layer in layers.items() if hasattr(layer, "keep_attention")
    }
    hooks = [
        layer.register_forward_pre_hook(_record_adjacency(weights, name))
        for name, layer in layers.items()
        if hasattr(layer, "adjacency_of")
    ]
    try:
        for layer in attention_layers.values():
            layer.keep_attention = True
        with torch.no_grad():
            score.logits(prepared)
        weights |= {name: layer.attention for name, layer in attention_layers.items()}
    finally:
        for hook in hooks:
            hook.remove()
        for layer in attention_layers.values():
            layer.keep_attention = False
            layer.attention = None
    if not weights:
        return []
    rows = present_persons(prepared["valid"])[0].nonzero()[:, 0]  # persons that the encoder reads
    num_persons = prepared["valid"].shape[1]
    return [JointGraph(name, _scatter_persons(weights[name], rows, num_persons)) for name in layers if name in weights]


def mean_graph(graphs: Sequence[JointGraph], *, times: int) -> Tensor:
    """Return the mean graph of all layers, normalised to a sum of 1 per person and time.

    Signs are dropped, as are the weights of joints for themselves; each layer counts the same.

    Args:
        graphs: graphs of one or more layers.
        times: number of times of the result; those of a layer are repeated.

    Shapes: ``[M, times, V, V]`` target, source; sums to 1 over both, 0 for absent persons and where no joint takes from
    another.

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
        layer_times = torch.arange(times, device=mean.device) * mean.shape[1] // times
        means.append(mean[:, layer_times])
    return torch.stack(means).mean(0)


def _record_adjacency(weights: dict[str, Tensor], name: str) -> Any:
    def hook(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        adjacency = layer.adjacency_of(inputs[0])  # type: ignore[operator]
        weights[name] = _to_target_source(adjacency, len(inputs[0]))

    return hook


def _to_target_source(graph: Tensor, rows: int) -> Tensor:
    """``[K, V, V]``, ``[N, K, V, V]`` or ``[K, C, N, V, V]``, all source, target -> ``[N, 1, K, V, V]``."""
    if graph.ndim == 5:
        graph = graph.mean(1).transpose(0, 1)
    return graph.detach().expand(rows, *graph.shape[-3:]).transpose(-1, -2)[:, None]


def _scatter_persons(weights: Tensor, rows: Tensor, num_persons: int) -> Tensor:
    """``[N, …]`` of the persons in ``rows`` -> ``[M, …]``, 0 elsewhere."""
    scattered = weights.new_zeros(num_persons, *weights.shape[1:])
    scattered[rows] = weights
    return scattered

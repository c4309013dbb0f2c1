"""The attention and graphs of encoders through one function."""

from __future__ import annotations

import pytest
import torch
from hand_made import LAYOUT, TIMES, lose, make_batch, make_model

from triad.fusion.explanation import JointGraph, joint_graphs, mean_graph
from triad.modalities.checks import InputError
from triad.modalities.skeleton import encoders
from triad.modalities.skeleton.graph import dense_adjacency, to_data

SPATIAL = dense_adjacency(to_data(LAYOUT, "spatial"))  # [K, V, V] part, source, target
STAGES = {"layout": LAYOUT.name, "widths": (16, 32)}


def graphs_of(name: str, **options):
    batch = lose(make_batch(), 1, slice(None), slice(None))  # the second person is not there
    model = make_model({"type": getattr(encoders, name), **options})
    graphs = joint_graphs(model, batch, stream="skeleton")
    assert all((graph.weights[1] == 0).all() for graph in graphs)
    return model, [(layer, weights[0]) for layer, weights in graphs]


@pytest.mark.parametrize("name", ["StGcn", "StGcnPlusPlus", "CtrGcn", "Aagcn"])
def test_untrained_graph_is_the_skeleton(name: str) -> None:
    _, graphs = graphs_of(name, **STAGES, partition="spatial")
    assert [layer for layer, _ in graphs] == ["blocks.0.spatial", "blocks.1.spatial"] or name == "Aagcn"
    for _, weights in graphs:
        torch.testing.assert_close(weights, SPATIAL.transpose(1, 2)[None], atol=1e-6, rtol=0)


def test_adaptive_graph_rows_sum_to_one() -> None:
    _, graphs = graphs_of("TwoStreamAgcn", **STAGES)
    for _, weights in graphs:
        added = weights - SPATIAL.transpose(1, 2) - 1e-6
        assert (added > -1e-6).all()
        torch.testing.assert_close(added.sum(-1), torch.ones_like(added.sum(-1)))


@pytest.mark.parametrize(
    ("name", "options", "shapes"),
    [
        ("Sgn", {"width": 8}, [(TIMES, 1)]),
        (
            "Hyperformer",
            {"head_channels": 8, "heads": 3, "num_stages": 2, "down_stages": (2,)},
            [(TIMES, 3), (TIMES, 3)],
        ),
    ],
)
def test_attention_sums_to_one(name: str, options: dict, shapes: list) -> None:
    model, graphs = graphs_of(name, layout=LAYOUT.name, **options)
    assert [weights.shape for _, weights in graphs] == [
        (*shape, LAYOUT.num_joints, LAYOUT.num_joints) for shape in shapes
    ]
    for _, weights in graphs:
        torch.testing.assert_close(weights.sum(-1), torch.ones_like(weights.sum(-1)))
    attention_layers = [layer for layer in model.modules() if hasattr(layer, "keep_attention")]
    assert not any(layer.keep_attention for layer in attention_layers)
    assert all(layer.attention is None for layer in attention_layers)


def test_network_without_graph_has_none() -> None:
    assert graphs_of("SkeletonLstm", layout=LAYOUT.name, hidden=8, persons=2)[1] == []


def test_mean_graph_drops_signs_and_diagonal() -> None:
    """Layer one, two times: 0 takes −3 of 1, then 1 takes 5 of 0. Layer two, all times: half and half."""
    first = torch.tensor([[[[9.0, -3.0], [0.0, 0.0]]], [[[0.0, 0.0], [5.0, 7.0]]]])  # [T', K, V, V]
    second = torch.tensor([[[[0.0, 2.0], [2.0, 0.0]]]])
    mean = mean_graph([JointGraph("a", first[None]), JointGraph("b", second[None])], times=4)
    one, two = [[0.0, 0.75], [0.25, 0.0]], [[0.0, 0.25], [0.75, 0.0]]
    torch.testing.assert_close(mean, torch.tensor([[one, one, two, two]]))


def test_mean_of_no_graph_is_refused() -> None:
    with pytest.raises(InputError, match="be of at least one layer, got none"):
        mean_graph([], times=4)

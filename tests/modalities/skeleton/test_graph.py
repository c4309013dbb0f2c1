from dataclasses import replace

import pytest
import torch
from torch_geometric.nn import MessagePassing
from torch_geometric.utils import is_undirected

from modalities.skeleton.encoders.unit_gcn import graph_product
from modalities.skeleton.graph import dense_adjacency, to_data
from modalities.skeleton.layouts import LAYOUTS, get_layout


class Weighted(MessagePassing):
    """Sum of incoming messages times their weights: the reference."""

    def __init__(self) -> None:
        super().__init__(aggr="add")

    def forward(self, x: torch.Tensor, edges: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return self.propagate(edges, x=x, weight=weight)

    def message(self, x_j: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return x_j * weight[:, None]


def test_a_fork_by_hand() -> None:
    """Joint 0 is the root, 1 and 2 hang on it."""
    layout = replace(
        get_layout("ntu25"), joints=("a", "b", "c"), parents=(-1, 0, 0), mirror=(), torso=((0,), (1,)), name="fork"
    )
    root, closer, further = dense_adjacency(to_data(layout))  # rows send, columns hear
    assert torch.equal(root, torch.eye(3))
    assert closer.tolist() == [[0, 1, 1], [0, 0, 0], [0, 0, 0]]  # children hear their parent
    assert further.tolist() == [[0, 0, 0], [0.5, 0, 0], [0.5, 0, 0]]  # a parent hears the mean of its children


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_data_is_a_tree_both_ways_with_loops(name: str) -> None:
    layout = get_layout(name)
    data = to_data(layout)
    assert data.validate()
    assert data.num_edges == layout.num_joints + 2 * (layout.num_joints - 1)
    assert is_undirected(data.edge_index)
    assert data.has_self_loops()
    sums = dense_adjacency(data).sum(1)  # what a joint hears of a part sums to 1, or to 0 where it hears nothing
    assert torch.allclose(sums, (sums > 0).float())


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_dense_product_is_message_passing(name: str) -> None:
    layout = get_layout(name)
    data = to_data(layout)
    torch.manual_seed(0)
    x = torch.randn(2, 3 * 4, 5, layout.num_joints)  # [N, K·C, T, V]
    expected = torch.zeros(2, 4, 5, layout.num_joints)
    for part in range(3):
        edges = data.edge_type == part
        nodes = x[:, part * 4 : part * 4 + 4].permute(3, 0, 1, 2).reshape(layout.num_joints, -1)  # [V, N·C·T]
        heard = Weighted()(nodes, data.edge_index[:, edges], data.edge_attr[edges])
        expected += heard.view(layout.num_joints, 2, 4, 5).permute(1, 2, 3, 0)
    product = graph_product(x.contiguous(memory_format=torch.channels_last), dense_adjacency(data))
    torch.testing.assert_close(product, expected, atol=1e-6, rtol=1e-5)

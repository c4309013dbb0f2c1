from dataclasses import replace

import pytest
import torch
from torch_geometric.nn import MessagePassing
from torch_geometric.utils import is_undirected

from modalities.checks import InputError
from modalities.openmmlab import import_mmaction
from modalities.skeleton.encoders.layers.unit_gcn import gather_product, graph_product
from modalities.skeleton.graph import (
    PARTITIONS,
    dense_adjacency,
    distance_partition,
    hop_distance,
    to_data,
)
from modalities.skeleton.layouts import LAYOUTS, Layout, get_layout


def tree(*parents: int) -> Layout:
    names = tuple("abcdef"[: len(parents)])
    return replace(get_layout("ntu25"), joints=names, parents=parents, mirror=(), torso=((0,), (1,)), name="tree")


FORK, CHAIN = tree(-1, 0, 0), tree(-1, 0, 1, 2)


class Weighted(MessagePassing):
    """Sum of incoming messages times their weights: the reference."""

    def __init__(self) -> None:
        super().__init__(aggr="add")

    def forward(self, x: torch.Tensor, edges: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return self.propagate(edges, x=x, weight=weight)

    def message(self, x_j: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return x_j * weight[:, None]


def test_spatial_by_hand() -> None:
    """Joint 0 is the root, 1 and 2 hang on it."""
    root, closer, further = dense_adjacency(to_data(FORK))  # rows send, columns hear
    assert torch.equal(root, torch.eye(3))
    assert closer.tolist() == [[0, 1, 1], [0, 0, 0], [0, 0, 0]]  # children hear their parent
    assert further.tolist() == [[0, 0, 0], [0.5, 0, 0], [0.5, 0, 0]]  # a parent hears the mean of its children


def test_released_stgcn_by_hand() -> None:
    """A chain from the root: two of the joints are beyond one hop."""
    root, closer, further = dense_adjacency(to_data(CHAIN, "released_stgcn"))
    third = 1 / 3
    torch.testing.assert_close(root.diagonal(), torch.tensor([0.5, third, third, 0.5]))
    torch.testing.assert_close(closer, torch.tensor([[0, third, 0, 0], [0, 0, third, 0], [0] * 4, [0] * 4]))
    expected = [[0, 0, 0, 0], [0.5, 0, 0, 0], [0, third, 0, 0.5], [0, 0, third, 0]]  # 2 -> 3, too
    torch.testing.assert_close(further, torch.tensor(expected))


@pytest.mark.parametrize(("ours", "theirs"), [("ntu25", "nturgb+d"), ("coco17", "coco")])
@pytest.mark.parametrize(("partition", "mode"), [("spatial", "spatial"), ("released_stgcn", "stgcn_spatial")])
def test_partitions_of_mmaction2(ours: str, theirs: str, partition: str, mode: str) -> None:
    import_mmaction()
    from mmaction.models.utils import Graph

    expected = torch.tensor(Graph(layout=theirs, mode=mode).A, dtype=torch.float32)
    order = [0, 2, 1] if mode == "stgcn_spatial" else [0, 1, 2]  # they number the parts differently
    torch.testing.assert_close(dense_adjacency(to_data(get_layout(ours), partition)), expected[order])


def test_distance_by_hand() -> None:
    assert hop_distance(CHAIN).tolist() == [[0, 1, 2, 3], [1, 0, 1, 2], [2, 1, 0, 1], [3, 2, 1, 0]]
    none, one, two = dense_adjacency(distance_partition(CHAIN, hops=2))
    assert torch.equal(none, torch.eye(4))
    assert one.tolist() == [[0, 0.5, 0, 0], [1, 0, 0.5, 0], [0, 0.5, 0, 1], [0, 0, 0.5, 0]]
    assert two.tolist() == [[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]]
    with pytest.raises(InputError, match="hops must be 0–3 for layout 'tree', got 4"):
        distance_partition(CHAIN, hops=4)


def test_unknown_partition() -> None:
    with pytest.raises(InputError, match=r"'spacial' \(did you mean 'spatial'\?\)"):
        to_data(FORK, "spacial")


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_data_is_a_tree_both_ways_with_loops(name: str) -> None:
    layout = get_layout(name)
    data = to_data(layout)
    assert data.num_edges == layout.num_joints + 2 * (layout.num_joints - 1)
    assert is_undirected(data.edge_index)
    assert data.has_self_loops()


@pytest.mark.parametrize("partition", sorted(PARTITIONS))
@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_dense_product_is_message_passing(name: str, partition: str) -> None:
    layout = get_layout(name)
    data = to_data(layout, partition)
    assert data.validate()
    parts, joints = data.num_parts, layout.num_joints
    sums = dense_adjacency(data).sum(1)  # what a joint hears of a part sums to 1, or to 0 where it hears nothing
    if partition != "released_stgcn":
        torch.testing.assert_close(sums, (sums > 0).float())
    else:
        torch.testing.assert_close(sums.sum(0), torch.ones(joints))  # all parts together are a mean
    torch.manual_seed(0)
    x = torch.randn(2, parts * 4, 5, joints)  # [N, K·C, T, V]
    heard = []
    for part, channels in enumerate(x.split(4, dim=1)):
        edges = data.edge_type == part
        nodes = channels.permute(3, 0, 1, 2).reshape(joints, -1)  # [V, N·C·T]
        found = Weighted()(nodes, data.edge_index[:, edges], data.edge_attr[edges])
        heard.append(found.view(joints, 2, 4, 5).permute(1, 2, 3, 0))
    product = graph_product(x.contiguous(memory_format=torch.channels_last), dense_adjacency(data))
    torch.testing.assert_close(product, sum(heard), atol=1e-6, rtol=1e-5)


def test_gather_product_is_message_passing_in_each_sample() -> None:
    torch.manual_seed(0)
    x, adjacency = torch.randn(2, 4, 5, 7), torch.randn(2, 3, 7, 7)
    found = gather_product(x.contiguous(memory_format=torch.channels_last), adjacency)
    every = torch.cartesian_prod(torch.arange(7), torch.arange(7)).T  # every joint to every joint
    for sample in range(2):
        nodes = x[sample].permute(2, 0, 1).reshape(7, -1)
        for part in range(3):
            heard = Weighted()(nodes, every, adjacency[sample, part].flatten()).view(7, 4, 5).permute(1, 2, 0)
            torch.testing.assert_close(found[sample, part * 4 : part * 4 + 4], heard, atol=1e-5, rtol=1e-5)

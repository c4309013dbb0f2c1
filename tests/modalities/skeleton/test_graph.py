from dataclasses import replace

import pytest
import torch
from torch_geometric.nn import MessagePassing
from torch_geometric.utils import is_undirected

from triad.modalities.checks import InputError
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.skeleton import LAYOUTS, Layout, get_layout
from triad.modalities.skeleton.graph import PARTITIONS, dense_adjacency, distance_partition, hop_distance, to_data


def tree(*parents: int) -> Layout:
    names = tuple("abcdef"[: len(parents)])
    return replace(get_layout("ntu25"), joints=names, parents=parents, mirror=(), torso=((0,), (1,)), name="tree")


FORK, CHAIN = tree(-1, 0, 0), tree(-1, 0, 1, 2)


class WeightedSum(MessagePassing):
    """Sum of incoming messages times their weights, as the reference."""

    def __init__(self) -> None:
        super().__init__(aggr="add")

    def forward(self, x: torch.Tensor, edges: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return self.propagate(edges, x=x, weight=weight)

    def message(self, x_j: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return x_j * weight[:, None]


def test_spatial_partition_by_hand() -> None:
    """Joint 0 is the root, 1 and 2 are its children; rows are sources, columns targets."""
    loops, from_parent, from_children = dense_adjacency(to_data(FORK))
    assert torch.equal(loops, torch.eye(3))
    assert from_parent.tolist() == [[0, 1, 1], [0, 0, 0], [0, 0, 0]]
    assert from_children.tolist() == [[0, 0, 0], [0.5, 0, 0], [0.5, 0, 0]]  # the mean of two children


def test_released_stgcn_partition_by_hand() -> None:
    """A chain from the root: two of the joints are beyond one hop."""
    loops, closer, further = dense_adjacency(to_data(CHAIN, "released_stgcn"))
    third = 1 / 3
    torch.testing.assert_close(loops.diagonal(), torch.tensor([0.5, third, third, 0.5]))
    torch.testing.assert_close(closer, torch.tensor([[0, third, 0, 0], [0, 0, third, 0], [0] * 4, [0] * 4]))
    expected = [[0, 0, 0, 0], [0.5, 0, 0, 0], [0, third, 0, 0.5], [0, 0, third, 0]]  # 2 -> 3, too
    torch.testing.assert_close(further, torch.tensor(expected))


@pytest.mark.parametrize(("name", "mmaction_name"), [("ntu25", "nturgb+d"), ("coco17", "coco")])
@pytest.mark.parametrize(("partition", "mode"), [("spatial", "spatial"), ("released_stgcn", "stgcn_spatial")])
def test_partitions_equal_mmaction2(name: str, mmaction_name: str, partition: str, mode: str) -> None:
    import_mmaction()
    from mmaction.models.utils import Graph

    expected = torch.tensor(Graph(layout=mmaction_name, mode=mode).A, dtype=torch.float32)
    order = [0, 2, 1] if mode == "stgcn_spatial" else [0, 1, 2]  # mmaction2 numbers the subsets differently
    torch.testing.assert_close(dense_adjacency(to_data(get_layout(name), partition)), expected[order])


def test_distance_partition_by_hand() -> None:
    assert hop_distance(CHAIN).tolist() == [[0, 1, 2, 3], [1, 0, 1, 2], [2, 1, 0, 1], [3, 2, 1, 0]]
    none, one, two = dense_adjacency(distance_partition(CHAIN, hops=2))
    assert torch.equal(none, torch.eye(4))
    assert one.tolist() == [[0, 0.5, 0, 0], [1, 0, 0.5, 0], [0, 0.5, 0, 1], [0, 0, 0.5, 0]]
    assert two.tolist() == [[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]]
    with pytest.raises(InputError, match="hops must be 0–3 for layout 'tree', got 4"):
        distance_partition(CHAIN, hops=4)


def test_unknown_partition_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'spacial' \(did you mean 'spatial'\?\)"):
        to_data(FORK, "spacial")


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_spatial_graph_is_an_undirected_tree(name: str) -> None:
    layout = get_layout(name)
    data = to_data(layout)
    assert data.num_edges == layout.num_joints + 2 * (layout.num_joints - 1)
    assert is_undirected(data.edge_index)
    assert data.has_self_loops()


@pytest.mark.parametrize("partition", sorted(PARTITIONS))
@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_weights_are_means(name: str, partition: str) -> None:
    """The weights that reach a joint sum to 1 over each subset, or over all subsets in the released ST-GCN."""
    sums = dense_adjacency(to_data(get_layout(name), partition)).sum(1)  # [K, V]
    if partition == "released_stgcn":
        torch.testing.assert_close(sums.sum(0), torch.ones(sums.shape[1]))
    else:
        torch.testing.assert_close(sums, (sums > 0).float())


@pytest.mark.parametrize("partition", sorted(PARTITIONS))
@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_dense_product_is_message_passing(name: str, partition: str) -> None:
    layout = get_layout(name)
    data = to_data(layout, partition)
    assert data.validate()
    nodes = torch.randn(layout.num_joints, 4, generator=torch.Generator().manual_seed(0))  # [V, C]
    for subset, adjacency in enumerate(dense_adjacency(data)):
        edges = data.edge_type == subset
        expected = WeightedSum()(nodes, data.edge_index[:, edges], data.edge_attr[edges])
        torch.testing.assert_close(adjacency.T @ nodes, expected, atol=1e-6, rtol=1e-5)

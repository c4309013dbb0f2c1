"""Layouts as torch-geometric graphs, and the dense adjacency that graph convolutions multiply by.

A partition sorts the edges of the graph into subsets; a graph convolution has weights of its own for each subset. A
new partition is a function and an entry of ``PARTITIONS``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from scipy.sparse.csgraph import shortest_path
from torch import Tensor

from triad.modalities.checks import check_choice, fail
from triad.modalities.skeleton.layouts import Layout

if TYPE_CHECKING:  # its import takes two seconds, and only skeleton networks are built from graphs
    from torch_geometric.data import Data


def to_data(layout: Layout, partition: str = "spatial") -> Data:
    """Return the graph of a layout, its edges sorted into subsets.

    Args:
        layout: joint layout.
        partition: name of a partition in ``PARTITIONS``.

    Shapes: ``edge_index`` ``[2, E]`` (source, target), ``edge_type`` ``[E]`` (subset of each edge), ``edge_attr``
    ``[E]`` (weight of each edge); ``num_subsets`` is the number of subsets.

    Raises:
        InputError: for an unknown partition, naming the nearest one.
    """
    return PARTITIONS[check_choice("partition", partition, PARTITIONS)](layout)


def dense_adjacency(data: Data) -> Tensor:
    """Return the edge weights as one matrix a subset, so that ``x @ A[k]`` is message passing over subset ``k``.

    Args:
        data: graph from :func:`to_data`.

    Shapes: float32 ``[K, V, V]``, indexed by subset, source, target.
    """
    from torch_geometric.utils import to_dense_adj

    weights = torch.nn.functional.one_hot(data.edge_type, data.num_subsets) * data.edge_attr[:, None]  # [E, K]
    dense = to_dense_adj(data.edge_index, edge_attr=weights, max_num_nodes=data.num_nodes)  # [1, V, V, K]
    return dense[0].permute(2, 0, 1).contiguous()


def hop_distance(layout: Layout) -> Tensor:
    """Return the number of bones between every two joints, int64 ``[V, V]``."""
    from torch_geometric.utils import to_scipy_sparse_matrix

    bones = torch.tensor(layout.bones).T
    graph = to_scipy_sparse_matrix(bones, num_nodes=layout.num_joints)
    return torch.from_numpy(shortest_path(graph, directed=False, unweighted=True)).long()


def spatial_partition(layout: Layout) -> Data:
    """Return the graph with three subsets: loops, edges from the parent, edges from the children.

    An edge's weight is one over the number of edges of its subset that reach the same target: the mean over each
    subset, as in equation 4 of Yan et al. 2018, Spatial Temporal Graph Convolutional Networks. (Their code computes
    :func:`released_stgcn_partition` instead. 2s-AGCN and ST-GCN++ follow the paper.)

    Shapes: ``E = V + 2 (V - 1)``.
    """
    edges, subsets = _tree_edges(layout)
    return _data(layout, edges, subsets, num_subsets=3, weights=_mean_weights(layout, edges, subsets, num_subsets=3))


def released_stgcn_partition(layout: Layout) -> Data:
    """Return the spatial partition as ST-GCN's released code, mmaction2 and pyskl (``stgcn_spatial``) compute it.

    It differs from :func:`spatial_partition` in two ways: an edge's weight is one over all edges that reach its
    target, and distances from the root end at one hop, so that beyond it both directions of a bone are in the third
    subset. It reproduces networks trained with the published code.
    """
    edges, subsets = _tree_edges(layout)
    depth = hop_distance(layout)[layout.root]
    beyond_first_hop = (subsets == 1) & (depth[edges[0]] > 1)
    subsets = torch.where(beyond_first_hop, 2, subsets)
    weights = _mean_weights(layout, edges, torch.zeros_like(subsets), num_subsets=1)
    return _data(layout, edges, subsets, num_subsets=3, weights=weights)


def distance_partition(layout: Layout, *, hops: int = 1) -> Data:
    """Return the graph with a subset for every distance 0, 1, …, ``hops``, each a mean.

    With one hop it is the distance partitioning of Yan et al. 2018; with more, the disentangled scales of Liu et al.
    2020, Disentangling and Unifying Graph Convolutions for Skeleton-Based Action Recognition (without their loops).

    Args:
        layout: joint layout.
        hops: largest distance in bones.

    Raises:
        InputError: for more hops than the longest path has.
    """
    distance = hop_distance(layout)
    if not 0 <= hops <= distance.max():
        fail("hops", f"be 0–{int(distance.max())} for layout '{layout.name}'", hops)
    edges = (distance <= hops).nonzero().T
    subsets = distance[edges[0], edges[1]]
    weights = _mean_weights(layout, edges, subsets, num_subsets=hops + 1)
    return _data(layout, edges, subsets, num_subsets=hops + 1, weights=weights)


PARTITIONS: dict[str, Callable[[Layout], Data]] = {
    "spatial": spatial_partition,
    "released_stgcn": released_stgcn_partition,
    "distance": distance_partition,
}


def _tree_edges(layout: Layout) -> tuple[Tensor, Tensor]:
    """Return loops, edges from the parent and edges from the children, ``[2, E]``, and their subsets, ``[E]``."""
    loops = [(joint, joint) for joint in range(layout.num_joints)]
    from_parent = [(parent, child) for child, parent in layout.bones]
    from_child = list(layout.bones)
    subsets = torch.tensor([0] * len(loops) + [1] * len(from_parent) + [2] * len(from_child))
    return torch.tensor(loops + from_parent + from_child).T.contiguous(), subsets


def _mean_weights(layout: Layout, edges: Tensor, subsets: Tensor, *, num_subsets: int) -> Tensor:
    """Return for each edge one over the number of edges of its subset with the same target, ``[E]``."""
    from torch_geometric.utils import degree

    slots = subsets * layout.num_joints + edges[1]  # edges of one subset with one target share a slot
    return 1.0 / degree(slots, num_subsets * layout.num_joints)[slots]


def _data(layout: Layout, edges: Tensor, subsets: Tensor, *, num_subsets: int, weights: Tensor) -> Data:
    from torch_geometric.data import Data

    return Data(
        edge_index=edges.contiguous(),
        edge_type=subsets,
        edge_attr=weights,
        num_nodes=layout.num_joints,
        num_subsets=num_subsets,
    )

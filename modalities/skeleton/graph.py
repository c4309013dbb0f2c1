"""A layout as a torch-geometric graph, and the dense adjacency that the hot path multiplies by.

A partition sorts the messages that reach a joint into parts, each of which has weights of its own in a graph
convolution. ``to_data`` knows them by name; a new one is its function and one entry of ``PARTITIONS``.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from scipy.sparse.csgraph import shortest_path
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.utils import degree, to_dense_adj, to_scipy_sparse_matrix

from modalities.checks import check_choice, fail
from modalities.skeleton.layouts import Layout


def to_data(layout: Layout, partition: str = "spatial") -> Data:
    """The graph of a layout under a partition of ``PARTITIONS``.

    Shapes: ``edge_index`` ``[2, E]`` (source, target), ``edge_type`` part of each edge ``[E]``, ``edge_attr`` weight
    of each edge ``[E]``; ``num_parts`` is the number of parts.

    Raises:
        InputError: for an unknown partition, with the nearest known one.
    """
    return PARTITIONS[check_choice("partition", partition, PARTITIONS)](layout)


def dense_adjacency(data: Data) -> Tensor:
    """Weights of :func:`to_data` as one matrix a part, so that ``x @ A[k]`` is message passing over part ``k``.

    Shapes: float32 ``[K, V, V]``, indexed by part, source, target.
    """
    parts = torch.nn.functional.one_hot(data.edge_type, data.num_parts) * data.edge_attr[:, None]
    dense = to_dense_adj(data.edge_index, edge_attr=parts, max_num_nodes=data.num_nodes)  # [1, V, V, K]
    return dense[0].permute(2, 0, 1).contiguous()


def hop_distance(layout: Layout) -> Tensor:
    """How many bones lie between two joints, int64 ``[V, V]``."""
    bones = torch.tensor(layout.bones).T
    graph = to_scipy_sparse_matrix(bones, num_nodes=layout.num_joints)
    return torch.from_numpy(shortest_path(graph, directed=False, unweighted=True)).long()


def spatial_partition(layout: Layout) -> Data:
    """Itself, its parent, its children.

    Every joint hears from itself (``root``), from its parent (``closer`` to the layout's root) and from its children
    (``further``). A message's weight is one over the number of messages of its part that reach the same joint: the
    mean over each part, as in equation 4 of Yan et al. 2018, Spatial Temporal Graph Convolutional Networks. (Their
    code computes something else: :func:`released_stgcn_partition`. 2s-AGCN and ST-GCN++ follow the paper.)

    Shapes: ``E = V + 2 (V - 1)``, three parts.
    """
    edges, part = _tree(layout)
    return _data(layout, edges, part, num_parts=3, weight=_mean(layout, edges, part, num_parts=3))


def released_stgcn_partition(layout: Layout) -> Data:
    """The spatial partition as ST-GCN's released code, mmaction2 and pyskl (``stgcn_spatial``) compute it.

    It differs from :func:`spatial_partition` in two ways: a message's weight is one over all messages that reach the
    joint, and distances from the root end at one hop, so that both directions of a bone beyond it count as
    ``further``. To train what was published.
    """
    edges, part = _tree(layout)
    depth = hop_distance(layout)[layout.root]
    beyond = (part == 1) & (depth[edges[0]] > 1)
    part = torch.where(beyond, 2, part)
    return _data(layout, edges, part, num_parts=3, weight=_mean(layout, edges, torch.zeros_like(part), num_parts=1))


def distance_partition(layout: Layout, *, hops: int = 1) -> Data:
    """Joints by how many bones away they are: a part for 0, 1, …, ``hops``, each a mean.

    With one hop it is the distance partitioning of Yan et al. 2018; with more, the disentangled scales of Liu et al.
    2020, Disentangling and Unifying Graph Convolutions for Skeleton-Based Action Recognition (without their loops).

    Raises:
        InputError: if no two joints are so far apart.
    """
    distance = hop_distance(layout)
    if not 0 <= hops <= distance.max():
        fail("hops", f"be 0–{int(distance.max())} for layout '{layout.name}'", hops)
    edges = (distance <= hops).nonzero().T
    part = distance[edges[0], edges[1]]
    return _data(layout, edges, part, num_parts=hops + 1, weight=_mean(layout, edges, part, num_parts=hops + 1))


PARTITIONS: dict[str, Callable[[Layout], Data]] = {
    "spatial": spatial_partition,
    "released_stgcn": released_stgcn_partition,
    "distance": distance_partition,
}


def _tree(layout: Layout) -> tuple[Tensor, Tensor]:
    """Loops, messages from the parent, messages from the children: ``[2, E]`` and the part of each ``[E]``."""
    loops = [(joint, joint) for joint in range(layout.num_joints)]
    closer = [(parent, child) for child, parent in layout.bones]
    further = list(layout.bones)
    part = torch.tensor([0] * len(loops) + [1] * len(closer) + [2] * len(further))
    return torch.tensor(loops + closer + further).T.contiguous(), part


def _mean(layout: Layout, edges: Tensor, part: Tensor, *, num_parts: int) -> Tensor:
    """One over the number of messages of a part that reach the same joint, for each edge ``[E]``."""
    slot = part * layout.num_joints + edges[1]  # messages of one part that reach one joint share a slot
    return 1.0 / degree(slot, num_parts * layout.num_joints)[slot]


def _data(layout: Layout, edges: Tensor, part: Tensor, *, num_parts: int, weight: Tensor) -> Data:
    edges = edges.contiguous()
    return Data(edge_index=edges, edge_type=part, edge_attr=weight, num_nodes=layout.num_joints, num_parts=num_parts)

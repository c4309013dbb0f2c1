"""A layout as a torch-geometric graph, and the dense adjacency that the hot path multiplies by."""

from __future__ import annotations

import torch
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.utils import degree, to_dense_adj

from modalities.skeleton.layouts import Layout

PARTITIONS = ("root", "closer", "further")


def to_data(layout: Layout) -> Data:
    """The graph of a layout under ST-GCN's spatial partition.

    Every joint hears from itself (``root``), from its parent (``closer`` to the layout's root) and from its children
    (``further``). A message's weight is one over the number of messages of its part that reach the same joint: the
    mean over each part, as in equation 4 of Yan et al. 2018, Spatial Temporal Graph Convolutional Networks. (Their
    code divides by the whole neighbourhood instead; 2s-AGCN and ST-GCN++ follow the paper.)

    Shapes: ``edge_index`` ``[2, E]`` (source, target), ``edge_type`` part of each edge ``[E]``, ``edge_attr`` weight
    of each edge ``[E]``, with ``E = V + 2 (V - 1)``.
    """
    loops = [(joint, joint) for joint in range(layout.num_joints)]
    closer = [(parent, child) for child, parent in layout.bones]
    further = list(layout.bones)
    edges = torch.tensor(loops + closer + further).T.contiguous()
    part = torch.tensor([0] * len(loops) + [1] * len(closer) + [2] * len(further))
    slot = part * layout.num_joints + edges[1]  # messages of one part that reach one joint share a slot
    weight = 1.0 / degree(slot, len(PARTITIONS) * layout.num_joints)[slot]
    return Data(edge_index=edges, edge_type=part, edge_attr=weight, num_nodes=layout.num_joints)


def dense_adjacency(data: Data) -> Tensor:
    """Weights of :func:`to_data` as one matrix a part, so that ``x @ A[k]`` is message passing over part ``k``.

    Shapes: float32 ``[K, V, V]``, indexed by part, source, target.
    """
    parts = torch.nn.functional.one_hot(data.edge_type, len(PARTITIONS)) * data.edge_attr[:, None]
    dense = to_dense_adj(data.edge_index, edge_attr=parts, max_num_nodes=data.num_nodes)  # [1, V, V, K]
    return dense[0].permute(2, 0, 1).contiguous()

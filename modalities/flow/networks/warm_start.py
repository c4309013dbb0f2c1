"""Initial flow of a pair of frames from the flow of the pair before it."""

from __future__ import annotations

import torch
from torch import Tensor
from torchvision.models.optical_flow._utils import make_coords_grid

MIN_WEIGHT = 0.25
"""Sum of bilinear weights that must reach a cell for the mean of its vectors to count."""


def propagate_flow(flow: Tensor) -> Tensor:
    """Return the flow of the next pair under constant motion: every vector moved to the point that it leads to.

    Each vector is spread over the four cells around its end point by bilinear weights. A cell takes the weighted mean
    of what reaches it, and keeps its vector where the weights sum to less than ``MIN_WEIGHT``.
    Teed & Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow, §3.3, warm start.

    Shapes: ``[P, 2, h, w]`` in cells -> the same.
    """
    pairs, _, height, width = flow.shape
    ends = make_coords_grid(pairs, height, width).to(flow.device) + flow
    corner = ends.floor()
    fraction = ends - corner
    source = torch.cat([flow, torch.ones_like(flow[:, :1])], dim=1).flatten(2)  # [P, 3, h · w]: u, v, weight
    total = torch.zeros_like(source)
    for right in (0, 1):
        for down in (0, 1):
            x = corner[:, 0] + right
            y = corner[:, 1] + down
            weight = (fraction[:, 0] if right else 1 - fraction[:, 0]) * (
                fraction[:, 1] if down else 1 - fraction[:, 1]
            )
            weight = weight * ((x >= 0) & (x < width) & (y >= 0) & (y < height))
            cell = (y.clamp(0, height - 1) * width + x.clamp(0, width - 1)).long().flatten(1)  # [P, h · w]
            total.scatter_add_(2, cell[:, None].expand_as(total), source * weight.flatten(1)[:, None])
    total = total.view(pairs, 3, height, width)
    weight_sum = total[:, 2:]
    return torch.where(weight_sum > MIN_WEIGHT, total[:, :2] / weight_sum.clamp_min(MIN_WEIGHT), flow)

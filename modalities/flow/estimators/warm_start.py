"""Where the flow of one pair of frames leads the next pair to begin."""

from __future__ import annotations

import torch
from torch import Tensor
from torchvision.models.optical_flow._utils import make_coords_grid

LEAST = 0.25
"""Share of a cell that must have been reached for its flow to count."""


def propagate_flow(flow: Tensor) -> Tensor:
    """Flow moved along itself, as if all went on as before: Teed & Deng 2020, §3.3, warm start.

    Each vector is spread over the four cells around the point that it leads to, by nearness; a cell takes the mean of
    what reaches it, and keeps its own where next to nothing does.

    Shapes: ``[P, 2, h, w]``, in cells.
    """
    pairs, _, height, width = flow.shape
    points = make_coords_grid(pairs, height, width).to(flow.device) + flow
    corner = points.floor()
    share = points - corner
    weighed = torch.cat([flow, torch.ones_like(flow[:, :1])], dim=1).flatten(2)  # [P, 3, h · w]
    total = torch.zeros_like(weighed)
    for right in (0, 1):
        for down in (0, 1):
            x, y = corner[:, 0] + right, corner[:, 1] + down
            near = (share[:, 0] if right else 1 - share[:, 0]) * (share[:, 1] if down else 1 - share[:, 1])
            near = near * ((x >= 0) & (x < width) & (y >= 0) & (y < height))
            cell = (y.clamp(0, height - 1) * width + x.clamp(0, width - 1)).long().flatten(1)  # [P, h · w]
            total.scatter_add_(2, cell[:, None].expand_as(total), weighed * near.flatten(1)[:, None])
    total = total.view(pairs, 3, height, width)
    reached = total[:, 2:]
    return torch.where(reached > LEAST, total[:, :2] / reached.clamp_min(LEAST), flow)

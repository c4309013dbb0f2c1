"""MS-G3D."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from modalities.checks import fail
from modalities.registry import MODELS
from modalities.skeleton.encoders.layers.branched_tcn import branched_tcn
from modalities.skeleton.encoders.layers.graph_encoder import GraphEncoder, Stage, plan_stages
from modalities.skeleton.encoders.layers.stgcn_block import shortcut
from modalities.skeleton.graph import hop_distance
from modalities.skeleton.layouts import Layout, get_layout


def disentangled_adjacency(layout: Layout, scales: int, window: int = 1) -> Tensor:
    """Who hears whom at each scale, over the joints of all times of a window (Liu et al. 2020, equations 3–6).

    At scale 0 a joint hears itself; at scale 1 itself and its neighbours, at every time of the window; at scale k
    itself, and the joints k bones away at every time. Each scale is normalised symmetrically, ``D^-½ A D^-½``.

    Shapes: float32 ``[K, W·V, W·V]``.
    """
    distance = hop_distance(layout).repeat(window, window)  # [W·V, W·V]
    reach = torch.stack([(distance == scale).float() for scale in range(scales)])
    reach[0] = 0
    if scales > 1:
        reach[1] = (distance <= 1).float()
    adjacency = reach.maximum(torch.eye(len(distance)))
    degree = adjacency.sum(2).rsqrt()  # [K, W·V]
    return degree[:, :, None] * adjacency * degree[:, None]


class MultiScaleGraph(nn.Module):
    """A graph convolution with weights of its own for each scale: ``bn(Σ_k W_k x (A_k + R_k) + b)``.

    ``A`` is fixed and ``R`` learned, starting within 1e-6 of zero. All scales are one product with the joints in front
    and one convolution, whose kernel covers the scales; nothing is copied between them.

    Args:
        in_channels, out_channels: channels of the map before and after.
        adjacency: ``[K, V, V]``, symmetric.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', T, V]``.
    """

    adjacency: Tensor

    def __init__(self, in_channels: int, out_channels: int, adjacency: Tensor) -> None:
        super().__init__()
        self.register_buffer("adjacency", adjacency, persistent=False)
        self.learned = nn.Parameter(torch.empty_like(adjacency).uniform_(-1e-6, 1e-6))
        self.conv = nn.Conv2d(in_channels, out_channels, (len(adjacency), 1), stride=(len(adjacency), 1))
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        n, channels, _, joints = x.shape
        weights = (self.adjacency + self.learned).flatten(0, 1)  # [K·V, V]: hearer, speaker
        heard = F.linear(x.contiguous(), weights)  # [N, C, T, K·V]
        return self.norm(self.conv(heard.view(n, channels, -1, joints)))  # over [N, C, T·K, V]


class WindowGraph(nn.Module):
    """G3D: a graph convolution over the joints of several neighbouring times at once, then over those times.

    Args:
        in_channels, out_channels: channels of the map before and after.
        hidden: channels between the two convolutions.
        adjacency: ``[K, W·V, W·V]``.
        window: times in a window, odd.
        stride: step in time.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', ⌈T / stride⌉, V]``.
    """

    def __init__(
        self, in_channels: int, out_channels: int, *, hidden: int, adjacency: Tensor, window: int, stride: int
    ) -> None:
        super().__init__()
        self.window, self.stride = window, stride
        self.graph = MultiScaleGraph(in_channels, hidden, adjacency)
        self.collapse = nn.Conv2d(hidden, out_channels, (window, 1), stride=(window, 1))
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        joints, half = x.shape[3], self.window // 2
        windows = F.pad(x, (0, 0, half, half)).unfold(2, self.window, self.stride)  # [N, C, T', V, W]
        y = F.relu(self.graph(windows.transpose(3, 4).flatten(3)), inplace=True)  # [N, C, T', W·V]
        y = y.contiguous().view(*y.shape[:2], -1, joints)  # [N, C, T'·W, V]
        return self.norm(self.collapse(y))


class MsG3dBlock(nn.Module):
    """Two ways side by side, one over joints and then times, one over both at once; then once more over times."""

    def __init__(
        self, stage: Stage, layout: Layout, *, scales: int, window_scales: int, windows: Sequence[int]
    ) -> None:
        super().__init__()
        width, out_width = stage.in_channels, stage.out_channels
        inner = out_width if stage.first else width  # the first stage widens at once, the others at its end
        self.spatial = MultiScaleGraph(width, inner, disentangled_adjacency(layout, scales))
        self.temporal = nn.Sequential(
            _ResidualTcn(inner, out_width, stride=stage.stride), _ResidualTcn(out_width, out_width, active=False)
        )
        self.windows = nn.ModuleList(
            WindowGraph(
                width,
                out_width,
                hidden=inner,
                adjacency=disentangled_adjacency(layout, window_scales, window),
                window=window,
                stride=stage.stride,
            )
            for window in windows
        )
        self.last = _ResidualTcn(out_width, out_width)

    def forward(self, x: Tensor) -> Tensor:
        y = self.temporal(F.relu(self.spatial(x), inplace=True))
        for window in self.windows:
            y = y + window(x)
        return self.last(F.relu(y, inplace=True))


class _ResidualTcn(nn.Module):
    """Parallel convolutions over time and a way around them; ``active``: with a rectifier at the end."""

    def __init__(self, in_channels: int, out_channels: int, *, stride: int = 1, active: bool = True) -> None:
        super().__init__()
        self.branches = branched_tcn(in_channels, out_channels, stride=stride)
        self.residual = shortcut(in_channels, out_channels, stride)
        self.active = active

    def forward(self, x: Tensor) -> Tensor:
        y = self.branches(x) + self.residual(x)
        return F.relu(y, inplace=True) if self.active else y


@MODELS.register_module()
class MsG3d(GraphEncoder):
    """MS-G3D (Liu et al. 2020, Disentangling and Unifying Graph Convolutions for Skeleton-Based Action Recognition).

    Args:
        widths: channels of each stage, multiples of 6; a stage that is wider than the one before it halves the times.
        scales: distances between joints that are told apart, from 0 (published: 13).
        window_scales: likewise within windows (published: 6).
        windows: times in a window, odd, one way each.
        others: see ``GraphEncoder`` and ``plan_stages``; there are shapes and errors, too.

    Raises:
        InputError: also for widths that are no multiples of 6, an even window and no scale.
    """

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        widths: Sequence[int] = (96, 192, 384),
        scales: int = 13,
        window_scales: int = 6,
        windows: Sequence[int] = (3, 5),
        person_norms: int = 2,
    ) -> None:
        skeleton = get_layout(layout)
        if any(window % 2 == 0 for window in windows):
            fail("MsG3d.windows", "be odd", list(windows))
        if min(scales, window_scales) < 1:
            fail("MsG3d.scales and MsG3d.window_scales", "be at least 1", (scales, window_scales))

        def block(stage: Stage) -> nn.Module:
            return MsG3dBlock(stage, skeleton, scales=scales, window_scales=window_scales, windows=windows)

        stages = plan_stages(in_channels, widths)
        super().__init__(layout=layout, stages=stages, block=block, person_norms=person_norms)

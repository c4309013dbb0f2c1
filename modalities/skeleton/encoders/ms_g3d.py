"""MS-G3D encoder."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import GraphEncoder, Stage, branched_tcn, plan_stages, strided_shortcut
from triad.modalities.skeleton.graph import hop_distance
from triad.modalities.skeleton.layouts import Layout, get_layout


def disentangled_adjacency(layout: Layout, scales: int, window: int = 1) -> Tensor:
    """Return the adjacency of each scale over the joints of all times of a window (Liu et al. 2020, equations 3–6).

    At scale 0 a joint is connected to itself; at scale 1 to itself and its neighbours at every time of the window; at
    scale k to itself, and to the joints k bones away at every time. Each scale is normalised symmetrically,
    ``D^-½ A D^-½``.

    Args:
        layout: joint layout.
        scales: number ``K`` of scales.
        window: number ``W`` of times in a window.

    Shapes: float32 ``[K, W·V, W·V]``.
    """
    distance = hop_distance(layout).repeat(window, window)  # [W·V, W·V]
    neighbours = torch.stack([(distance == scale).float() for scale in range(scales)])
    neighbours[0] = 0
    if scales > 1:
        neighbours[1] = (distance <= 1).float()
    adjacency = neighbours.maximum(torch.eye(len(distance)))
    degree = adjacency.sum(2).rsqrt()  # [K, W·V]
    return degree[:, :, None] * adjacency * degree[:, None]


class MultiScaleGraph(nn.Module):
    """Graph convolution with weights of its own for each scale: ``bn(Σ_k W_k x (A_k + R_k) + b)``.

    ``A`` is fixed and ``R`` learned, starting within 1e-6 of zero. All scales are computed as one product over joints
    and one convolution, whose kernel covers the scales, without a copy between them.

    Args:
        in_channels: channels ``C`` of the input.
        out_channels: channels ``C'`` of the output.
        adjacency: adjacency of each scale, ``[K, V, V]``, symmetric.

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
        weights = (self.adjacency + self.learned).flatten(0, 1)  # [K·V, V]: target, source
        messages = F.linear(x.contiguous(), weights)  # [N, C, T, K·V]
        return self.norm(self.conv(messages.view(n, channels, -1, joints)))  # over [N, C, T·K, V]


class WindowGraph(nn.Module):
    """G3D: a graph convolution over the joints of neighbouring times at once, then a convolution over those times.

    Args:
        in_channels: channels ``C`` of the input.
        out_channels: channels ``C'`` of the output.
        hidden: channels between the two convolutions.
        adjacency: adjacency of each scale over a window, ``[K, W·V, W·V]``.
        window: number ``W`` of times in a window, odd.
        stride: step in time.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', ⌈T / stride⌉, V]``.
    """

    def __init__(
        self, in_channels: int, out_channels: int, *, hidden: int, adjacency: Tensor, window: int, stride: int
    ) -> None:
        super().__init__()
        self.window = window
        self.stride = stride
        self.graph = MultiScaleGraph(in_channels, hidden, adjacency)
        self.collapse = nn.Conv2d(hidden, out_channels, (window, 1), stride=(window, 1))
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        joints = x.shape[3]
        half = self.window // 2
        windows = F.pad(x, (0, 0, half, half)).unfold(2, self.window, self.stride)  # [N, C, T', V, W]
        y = F.relu(self.graph(windows.transpose(3, 4).flatten(3)), inplace=True)  # [N, C, T', W·V]
        y = y.contiguous().view(*y.shape[:2], -1, joints)  # [N, C, T'·W, V]
        return self.norm(self.collapse(y))


class MsG3dBlock(nn.Module):
    """Sum of two pathways, one over joints then times and one over both at once, then a convolution over times.

    Args:
        stage: numbers of the stage.
        layout: joint layout.
        scales: number of scales of the first pathway.
        window_scales: number of scales of the second pathway.
        windows: times in a window, odd; one branch of the second pathway each.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', ⌈T / stride⌉, V]``.
    """

    def __init__(
        self, stage: Stage, layout: Layout, *, scales: int, window_scales: int, windows: Sequence[int]
    ) -> None:
        super().__init__()
        width = stage.in_channels
        out_width = stage.out_channels
        inner = out_width if stage.first else width  # the first stage widens at its start, the others at their end
        self.spatial = MultiScaleGraph(width, inner, disentangled_adjacency(layout, scales))
        self.temporal = nn.Sequential(
            _ResidualTcn(inner, out_width, stride=stage.stride), _ResidualTcn(out_width, out_width, activate=False)
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
    """Parallel convolutions over time with a residual; ``activate`` adds a ReLU at the end."""

    def __init__(self, in_channels: int, out_channels: int, *, stride: int = 1, activate: bool = True) -> None:
        super().__init__()
        self.branches = branched_tcn(in_channels, out_channels, stride=stride)
        self.residual = strided_shortcut(in_channels, out_channels, stride)
        self.activate = activate

    def forward(self, x: Tensor) -> Tensor:
        y = self.branches(x) + self.residual(x)
        return F.relu(y, inplace=True) if self.activate else y


@MODELS.register_module()
class MsG3d(GraphEncoder):
    """MS-G3D (Liu et al. 2020, Disentangling and Unifying Graph Convolutions for Skeleton-Based Action Recognition).

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        widths: channels of each stage, multiples of 6; a stage wider than its predecessor halves the times.
        scales: number of distances between joints, from 0, with weights of their own (published: 13).
        window_scales: number of distances within windows (published: 6).
        windows: times in a window, odd; one branch each.
        person_norms: number of persons with an input norm of their own; 1 for one norm for all.

    Shapes are those of :class:`GraphEncoder`.

    Raises:
        InputError: the errors of :class:`GraphEncoder`; for widths that are no multiples of 6, an even window, or no
            scale.
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

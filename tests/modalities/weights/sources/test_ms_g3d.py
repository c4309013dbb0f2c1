"""MS-G3D with the key names of kenziyuliu/MS-G3D computes the same map."""

from __future__ import annotations

import torch
from published_networks import Tcn, check_same_map, normalize, randomize
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.encoders import MsG3d
from triad.modalities.skeleton.encoders.ms_g3d import disentangled_adjacency

SCALES = 4
WINDOW_SCALES = 2
WINDOWS = (3, 5)
WIDTHS = (18, 36)
LAYOUT = "coco17"


class Mlp(nn.Module):
    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(in_channels, out_channels, 1), nn.BatchNorm2d(out_channels)])

    def forward(self, x: Tensor) -> Tensor:
        return self.layers[1](self.layers[0](x)).relu()


class Graph(nn.Module):
    """Messages of all scales side by side in the channels, then one 1×1 convolution."""

    def __init__(self, in_channels: int, out_channels: int, scales: int, window: int = 1) -> None:
        super().__init__()
        self.graph = disentangled_adjacency(get_layout(LAYOUT), scales, window).double()
        self.A_res = nn.Parameter(torch.zeros(self.graph.shape[0] * self.graph.shape[1], self.graph.shape[2]))
        self.mlp = Mlp(in_channels * scales, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        adjacency = self.graph + self.A_res.view_as(self.graph)
        messages = torch.einsum("kvu,nctu->nkctv", adjacency, x)
        return self.mlp(messages.flatten(1, 2))


class Window(nn.Module):
    def __init__(self, in_channels: int, hidden: int, out_channels: int, window: int, stride: int) -> None:
        super().__init__()
        self.window = window
        self.stride = stride
        self.gcn3d = nn.ModuleList([nn.Identity(), Graph(in_channels, hidden, WINDOW_SCALES, window)])
        self.out_conv = nn.Conv3d(hidden, out_channels, (1, window, 1))
        self.out_bn = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        half = self.window // 2
        padded = F.pad(x, (0, 0, half, half))
        clips = [padded[:, :, start : start + self.window] for start in range(0, x.shape[2], self.stride)]
        y = self.gcn3d[1](torch.stack([clip.flatten(2) for clip in clips], 2))  # [N, C, T', W·V]
        return self.out_bn(self.out_conv(y.unflatten(3, (self.window, -1))).squeeze(3))


class Temporal(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int = 1, relu: bool = True) -> None:
        super().__init__()
        width = out_channels // 6

        def reduce() -> list[nn.Module]:
            return [nn.Conv2d(in_channels, width, 1), nn.BatchNorm2d(width), nn.ReLU()]

        branches = [nn.Sequential(*reduce(), Tcn(width, width, 3, stride, dilation)) for dilation in (1, 2, 3, 4)]
        branches.append(nn.Sequential(*reduce(), nn.MaxPool2d((3, 1), (stride, 1), (1, 0)), nn.BatchNorm2d(width)))
        branches.append(nn.Sequential(nn.Conv2d(in_channels, width, 1, (stride, 1)), nn.BatchNorm2d(width)))
        self.branches = nn.ModuleList(branches)
        self.residual = nn.Identity() if in_channels == out_channels else Tcn(in_channels, out_channels, 1, stride)
        self.relu = relu

    def forward(self, x: Tensor) -> Tensor:
        y = torch.cat([branch(x) for branch in self.branches], 1) + self.residual(x)
        return y.relu() if self.relu else y


class Plain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.data_bn = nn.BatchNorm1d(2 * 3 * 17)
        before = 3
        for number, after in enumerate(WIDTHS, 1):
            inner = after if number == 1 else before
            stride = min(number, 2)
            windows = nn.ModuleList(Window(before, inner, after, window, stride) for window in WINDOWS)
            self.add_module(f"gcn3d{number}", nn.ModuleDict({"gcn3d": windows}))
            pathway = [Graph(before, inner, SCALES), Temporal(inner, after, stride), Temporal(after, after, relu=False)]
            self.add_module(f"sgcn{number}", nn.Sequential(*pathway))
            self.add_module(f"tcn{number}", Temporal(after, after))
            before = after

    def forward(self, data: Tensor) -> Tensor:
        x = normalize(self.data_bn, data)
        for number in range(1, len(WIDTHS) + 1):
            windows = self.get_submodule(f"gcn3d{number}.gcn3d")
            y = self.get_submodule(f"sgcn{number}")(x) + sum(window(x) for window in windows)
            x = self.get_submodule(f"tcn{number}")(y.relu())
        return x


def test_official_weights_give_the_same_map() -> None:
    encoder = MsG3d(layout=LAYOUT, widths=WIDTHS, scales=SCALES, window_scales=WINDOW_SCALES, windows=WINDOWS)
    check_same_map(randomize(Plain()), encoder, 17)

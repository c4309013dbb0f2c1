"""Pose network of VPN: a graph convolution of each time's own, then convolutions over times and joints."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import check_skeletons
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.limb_graph import limb_adjacency, normalise_adjacency
from triad.modalities.skeleton.present_persons import map_present_persons, mean_over_persons

_MIN_SIDE = 4  # two poolings halve times and joints


class TimewiseGcn(nn.Module):
    """``elu([x, G x] W_t + b_t)`` over the joints of each time t, with weights of its own (Das et al. 2020, VPN).

    Args:
        in_channels: channels of a joint.
        out_channels: channels of the result.
        num_times: number of times ``T``.
        graph: normalised adjacency G, ``[V, V]``.

    Shapes: ``[N, C, T, V]`` -> ``[N, out_channels, T, V]``.
    """

    graph: Tensor

    def __init__(self, in_channels: int, out_channels: int, *, num_times: int, graph: Tensor) -> None:
        super().__init__()
        self.register_buffer("graph", graph, persistent=False)
        self.weight = nn.Parameter(torch.empty(num_times, 2 * in_channels, out_channels))
        self.bias = nn.Parameter(torch.zeros(num_times, out_channels))
        for weight in self.weight:
            nn.init.xavier_uniform_(weight)

    def forward(self, x: Tensor) -> Tensor:
        own_and_neighbours = torch.cat([x, x @ self.graph], dim=1)  # [N, 2C, T, V]; the graph is symmetric
        mixed = torch.einsum("nctv,tcd->ndtv", own_and_neighbours, self.weight)
        return F.elu(mixed + self.bias.T[:, :, None])


@MODELS.register_module()
class VpnPose(Encoder):
    """Pose network of VPN (Das et al. 2020, VPN: Learning Video-Pose Embedding for Activities of Daily Living).

    The joints of every time pass a graph convolution with weights of that time, over bones and over links of hands,
    feet, elbows and knees. Its result beside the joints themselves is a picture of times and joints, which three
    convolutions and two full layers read. The vectors of present persons are averaged; published is one person.

    The published code gives every other dataset than one an adjacency of zeros, and repeats that one's rows over the
    batch in a way that scrambles it; here each layout has its own graph, the same for all samples.

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        num_times: number of times with weights of their own (published: 16), at least 4; of a clip of another length
            each takes the nearest time.
        width: channels of the graph convolution and of the first two convolutions; the third has twice as many.
        dropout: dropout probability behind the graph convolution and at the end, 0–1.
        full_dropout: dropout probability before the full layers, 0–1.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]`` -> ``map`` ``[B, 2 · width]``.

    Raises:
        InputError: for an unknown layout or too few times; on use, for data without its joints.
    """

    output_axes = "BC"
    takes_persons = True

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        num_times: int = 16,
        width: int = 64,
        dropout: float = 0.3,
        full_dropout: float = 0.5,
    ) -> None:
        super().__init__()
        if num_times < _MIN_SIDE:
            fail("VpnPose.num_times", f"be at least {_MIN_SIDE}", num_times)
        self.layout = get_layout(layout)
        self.in_channels = in_channels
        self.out_channels = 2 * width
        self.num_times = num_times
        graph = normalise_adjacency(limb_adjacency(self.layout))
        self.gcn = TimewiseGcn(in_channels, width, num_times=num_times, graph=graph)
        self.gcn_dropout = nn.Dropout(dropout)
        self.convs = nn.Sequential(
            nn.BatchNorm2d(width + in_channels),
            *(nn.Conv2d(width + in_channels, width, 3, padding=1), nn.ReLU(inplace=True)),
            nn.BatchNorm2d(width),
            *(nn.Conv2d(width, width, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2)),
            nn.BatchNorm2d(width),
            *(nn.Conv2d(width, 2 * width, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2)),
            nn.BatchNorm2d(2 * width),
        )
        places = (num_times // 2 // 2) * (self.layout.num_joints // 2 // 2)
        self.full = nn.Sequential(
            *(nn.Dropout(full_dropout), nn.Flatten(), nn.Linear(2 * width * places, 4 * width), nn.ReLU(inplace=True)),
            *(nn.Linear(4 * width, 2 * width), nn.ReLU(inplace=True), nn.Dropout(dropout)),
        )

    def forward(self, data: Tensor, valid: Tensor, persons: Tensor | None = None) -> EncoderOutput:
        sizes = check_skeletons(data, valid, layout=self.layout, in_channels=self.in_channels)
        slots = torch.arange(self.num_times, device=data.device)
        nearest = (2 * slots + 1) * sizes["T"] // (2 * self.num_times)
        joints = torch.where(valid[:, :, None, :, None], data, 0.0)[:, :, :, nearest]
        vectors = map_present_persons(self._encode, joints, valid, persons)[..., 0, 0]  # [B, M, C]
        return EncoderOutput(mean_over_persons(vectors, valid))

    def _encode(self, x: Tensor) -> Tensor:
        picture = torch.cat([self.gcn_dropout(self.gcn(x)), x], dim=1)  # [N, width + C, T, V]
        return self.full(self.convs(picture))[:, :, None, None]

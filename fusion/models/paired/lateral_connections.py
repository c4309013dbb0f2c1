"""Lateral connections between two video networks, which start without an effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional as F

from triad.fusion.models.paired.paired_encoder import PairedEncoder, check_steps
from triad.modalities.checks import check_choice, fail
from triad.modalities.registry import MODELS


class _Direction(NamedTuple):
    source: str
    target: str


@MODELS.register_module()
class LateralConnections(PairedEncoder):
    """Connections between stages of two networks (Feichtenhofer, Pinz, Zisserman 2016, Convolutional Two-Stream Network
    Fusion; Feichtenhofer, Pinz, Wildes 2016, Spatiotemporal Residual Networks).

    At each exchange a 1×1×1 convolution of the source's map, brought to the target's size, is added to the target's
    (``sum``), or both are concatenated and convolved by 1×1×1 (``concat``). The kernels of the source start at zero and
    that of the target's own map as the identity, so that the model starts as late fusion.

    Args:
        step_shapes: shape of the map after each step of each stream's encoder.
        source: name of the stream that sends, flow in the papers.
        target: name of the stream that receives, RGB in the papers.
        after: numbers of steps that source and target have run before each exchange, in rising order.
        mode: ``sum`` or ``concat``.
        both_ways: whether the target sends to the source too.

    Raises:
        InputError: If an encoder cannot be entered between its stages or has fewer, or for another mode.
    """

    def __init__(
        self,
        *,
        step_shapes: Mapping[str, Sequence[tuple[int, ...]]],
        source: str,
        target: str,
        after: Sequence[tuple[int, int]],
        mode: str = "sum",
        both_ways: bool = False,
    ) -> None:
        super().__init__()
        self.streams = (source, target)
        check_steps(type(self).__name__, self.streams, step_shapes)
        check_choice("LateralConnections.mode", mode, ("sum", "concat"))
        self.stops = [(int(first), int(second)) for first, second in after]
        _check_stops(self.stops, [len(step_shapes[name]) for name in self.streams])
        directions = [_Direction(source, target), *([_Direction(target, source)] if both_ways else [])]
        self.laterals = nn.ModuleDict()
        self.mixing = nn.ModuleDict()
        for direction in directions:
            sent: list[nn.Module] = []
            identities: list[nn.Module] = []
            for stops in self.stops:
                steps = dict(zip(self.streams, stops, strict=True))
                channels = {name: step_shapes[name][stop - 1][0] for name, stop in steps.items()}
                lateral = nn.Conv3d(channels[direction.source], channels[direction.target], 1, bias=False)
                nn.init.zeros_(lateral.weight)
                sent.append(lateral)
                if mode == "concat":
                    mixing = nn.Conv3d(channels[direction.target], channels[direction.target], 1, bias=False)
                    nn.init.dirac_(mixing.weight)
                    identities.append(mixing)
            self.laterals[direction.source] = nn.ModuleList(sent)
            self.mixing[direction.target] = nn.ModuleList(identities)

    def send(self, index: int, source: str, state: Tensor, size: Sequence[int]) -> Tensor | None:
        if source not in self.laterals:
            return None
        message = self.laterals[source][index](state)  # type: ignore[index]  # ModuleDict forgets the type
        return message if message.shape[2:] == tuple(size) else resize_map(message, size)

    def receive(self, index: int, target: str, state: Tensor, message: Tensor | None) -> Tensor:
        if target in self.mixing and len(self.mixing[target]):  # type: ignore[arg-type]
            state = self.mixing[target][index](state)  # type: ignore[index]
        return state if message is None else state + message


def resize_map(feature_map: Tensor, size: Sequence[int]) -> Tensor:
    """Return a map in another size: the mean over what a cell covers where it shrinks, linear between where it grows.

    Shapes: ``[B, C, T, H, W]`` -> ``[B, C, *size]``.
    """
    times, height, width = (min(before, after) for before, after in zip(feature_map.shape[2:], size, strict=True))
    averaged = F.adaptive_avg_pool3d(feature_map, (times, height, width))
    if averaged.shape[2:] == tuple(size):
        return averaged
    return F.interpolate(averaged, size=tuple(size), mode="trilinear", align_corners=False)


def _check_stops(stops: Sequence[tuple[int, int]], lengths: Sequence[int]) -> None:
    rising = all(first[0] < second[0] and first[1] < second[1] for first, second in pairwise(stops))
    inside = all(1 <= stop <= length for pair in stops for stop, length in zip(pair, lengths, strict=True))
    if not stops or not rising or not inside:
        must = f"be rising pairs of steps, of at most {lengths[0]} and {lengths[1]} that the networks have"
        fail("LateralConnections.after", must, list(stops))

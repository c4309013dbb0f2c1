"""RAFT's update block with the weights of torchvision's, but what every refinement would make again is made once."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models.optical_flow.raft import ConvGRU, CorrBlock, UpdateBlock

Still = list[tuple[Tensor, Tensor, Tensor]]
"""What the context adds to the three gates of each recurrent unit."""


class InferenceUpdate(nn.Module):
    """Torchvision's update block, see :class:`torchvision.models.optical_flow.raft.UpdateBlock`.

    A convolution is linear: what it makes of the context, which stays the same, is added to what it makes of the rest.
    The first layer over the correlations takes them as :meth:`Correlations.around` gives them.

    Args:
        block: whose weights are used; its modules become part of this one.
        correlation: with its levels and radius.
    """

    def __init__(self, block: UpdateBlock, correlation: CorrBlock) -> None:
        super().__init__()
        motion, recurrent = block.motion_encoder, block.recurrent_block
        self.seen = _reordered(motion.convcorr1[0], correlation.num_levels, 2 * correlation.radius + 1)
        self.seen2 = motion.convcorr2
        self.flow = nn.Sequential(motion.convflow1, motion.convflow2)
        self.motion, self.head = motion.conv, block.flow_head
        units = [unit for unit in (recurrent.convgru1, recurrent.convgru2) if isinstance(unit, ConvGRU)]
        self.units = nn.ModuleList(_LeanUnit(unit, block.hidden_state_size, motion.out_channels) for unit in units)

    def still(self, context: Tensor) -> Still:
        """The context's part ``[P, C, h, w]`` of all refinements of a pair."""
        return [unit.still(context) for unit in self.units]  # type: ignore[operator]

    def forward(self, hidden: Tensor, still: Still, seen: Tensor, flow: Tensor) -> tuple[Tensor, Tensor]:
        """The next hidden state, and what is added to the flow.

        Shapes: ``hidden [P, C, h, w]``, ``seen [(2r + 1)² · levels, P · h · w]``, ``flow [P, 2, h, w]``.
        """
        pairs, _, height, width = flow.shape
        seen = F.relu_(self.seen(seen.t())).view(pairs, height, width, -1).permute(0, 3, 1, 2)
        both = torch.cat([self.seen2(seen), self.flow(flow)], dim=1)
        motion = torch.cat([self.motion(both), flow], dim=1)
        for unit, part in zip(self.units, still, strict=True):
            hidden = unit(hidden, motion, part)
        return hidden, self.head(hidden)


class _LeanUnit(nn.Module):
    """A convolutional gated recurrent unit whose input is the context and then the motion."""

    def __init__(self, unit: ConvGRU, hidden: int, motion: int) -> None:
        super().__init__()
        convs = (unit.convz, unit.convr, unit.convq)
        self.ends = (hidden, unit.convz.in_channels - motion)
        self.moving = nn.ModuleList(self._part(conv, moving=True) for conv in convs)
        self.standing = nn.ModuleList(self._part(conv, moving=False) for conv in convs)

    def _part(self, conv: nn.Conv2d, *, moving: bool) -> nn.Conv2d:
        begin, end = self.ends
        weight = conv.weight.detach()
        weight = torch.cat([weight[:, :begin], weight[:, end:]], dim=1) if moving else weight[:, begin:end]
        size, padding = conv.kernel_size, conv.padding
        part = nn.Conv2d(weight.shape[1], weight.shape[0], size, padding=padding, bias=not moving)  # type: ignore[arg-type]
        part.weight = nn.Parameter(weight, requires_grad=False)
        if not moving and conv.bias is not None:
            part.bias = nn.Parameter(conv.bias.detach(), requires_grad=False)
        return part

    def still(self, context: Tensor) -> tuple[Tensor, ...]:
        return tuple(conv(context) for conv in self.standing)

    def forward(self, hidden: Tensor, motion: Tensor, still: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        both = torch.cat([hidden, motion], dim=1)
        update = torch.sigmoid(self.moving[0](both) + still[0])
        reset = torch.sigmoid(self.moving[1](both) + still[1])
        candidate = torch.tanh(self.moving[2](torch.cat([reset * hidden, motion], dim=1)) + still[2])
        return torch.lerp(hidden, candidate, update)


def _reordered(conv: nn.Conv2d, levels: int, side: int) -> nn.Linear:
    """The 1×1 convolution over inputs in torchvision's order (level, x, y) as a matrix over those in (y, x, level)."""
    weight = conv.weight.detach().view(-1, levels, side, side)
    linear = nn.Linear(conv.in_channels, conv.out_channels)
    linear.weight = nn.Parameter(weight.permute(0, 3, 2, 1).flatten(1), requires_grad=False)
    if conv.bias is not None:
        linear.bias = nn.Parameter(conv.bias.detach(), requires_grad=False)
    return linear

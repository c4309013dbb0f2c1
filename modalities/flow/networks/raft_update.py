"""Update block of RAFT for inference: the terms of the context are computed once instead of in every refinement."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models.optical_flow.raft import ConvGRU, CorrBlock, UpdateBlock

GateTerms = tuple[Tensor, Tensor, Tensor]
"""Terms of the context in the update gate, the reset gate and the candidate of a recurrent unit."""


class InferenceUpdateBlock(nn.Module):
    """Update block with the weights of :class:`torchvision.models.optical_flow.raft.UpdateBlock`.

    A convolution is linear: its output for the context, which stays the same, is added to its output for the other
    inputs. The first layer over the correlations takes them as :meth:`CorrelationPyramid.lookup` returns them.

    Args:
        block: block whose weights are used; its modules become part of this one.
        corr_block: correlation block of the same network, for its number of levels and its radius.
    """

    def __init__(self, block: UpdateBlock, corr_block: CorrBlock) -> None:
        super().__init__()
        motion_encoder = block.motion_encoder
        recurrent = block.recurrent_block
        side = 2 * corr_block.radius + 1
        self.corr1 = _to_linear(motion_encoder.convcorr1[0], corr_block.num_levels, side)
        self.corr2 = motion_encoder.convcorr2
        self.flow = nn.Sequential(motion_encoder.convflow1, motion_encoder.convflow2)
        self.motion = motion_encoder.conv
        self.flow_head = block.flow_head
        units = [unit for unit in (recurrent.convgru1, recurrent.convgru2) if isinstance(unit, ConvGRU)]
        self.units = nn.ModuleList(
            _InferenceGru(unit, block.hidden_state_size, motion_encoder.out_channels) for unit in units
        )

    def context_terms(self, context: Tensor) -> list[GateTerms]:
        """Return the terms of the context ``[P, C, h, w]``, which are the same in all refinements of a pair."""
        return [unit.context_terms(context) for unit in self.units]  # type: ignore[operator]

    def forward(
        self, hidden: Tensor, context_terms: list[GateTerms], correlations: Tensor, flow: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the next hidden state and the change of the flow.

        Shapes: ``hidden [P, C, h, w]``, ``correlations [(2r + 1)² · levels, P · h · w]``, ``flow [P, 2, h, w]``.
        """
        pairs, _, height, width = flow.shape
        corr = F.relu_(self.corr1(correlations.t())).view(pairs, height, width, -1).permute(0, 3, 1, 2)
        features = torch.cat([self.corr2(corr), self.flow(flow)], dim=1)
        motion = torch.cat([self.motion(features), flow], dim=1)
        for unit, terms in zip(self.units, context_terms, strict=True):
            hidden = unit(hidden, motion, terms)
        return hidden, self.flow_head(hidden)


class _InferenceGru(nn.Module):
    """Convolutional gated recurrent unit whose input is the context followed by the motion features."""

    def __init__(self, unit: ConvGRU, hidden_channels: int, motion_channels: int) -> None:
        super().__init__()
        convs = (unit.convz, unit.convr, unit.convq)
        self.context_channels = slice(hidden_channels, unit.convz.in_channels - motion_channels)
        self.dynamic = nn.ModuleList(self._split_conv(conv, context=False) for conv in convs)
        self.context = nn.ModuleList(self._split_conv(conv, context=True) for conv in convs)

    def _split_conv(self, conv: nn.Conv2d, *, context: bool) -> nn.Conv2d:
        """Return the convolution over the context alone, with the bias, or over the other inputs, without it."""
        begin = self.context_channels.start
        end = self.context_channels.stop
        weight = conv.weight.detach()
        weight = weight[:, begin:end] if context else torch.cat([weight[:, :begin], weight[:, end:]], dim=1)
        out_channels, in_channels = weight.shape[:2]
        split = nn.Conv2d(in_channels, out_channels, conv.kernel_size, padding=conv.padding, bias=context)  # type: ignore[arg-type]
        split.weight = nn.Parameter(weight, requires_grad=False)
        if context and conv.bias is not None:
            split.bias = nn.Parameter(conv.bias.detach(), requires_grad=False)
        return split

    def context_terms(self, context: Tensor) -> tuple[Tensor, ...]:
        return tuple(conv(context) for conv in self.context)

    def forward(self, hidden: Tensor, motion: Tensor, context_terms: GateTerms) -> Tensor:
        inputs = torch.cat([hidden, motion], dim=1)
        update = torch.sigmoid(self.dynamic[0](inputs) + context_terms[0])
        reset = torch.sigmoid(self.dynamic[1](inputs) + context_terms[1])
        candidate = torch.tanh(self.dynamic[2](torch.cat([reset * hidden, motion], dim=1)) + context_terms[2])
        return torch.lerp(hidden, candidate, update)


def _to_linear(conv: nn.Conv2d, levels: int, side: int) -> nn.Linear:
    """Return a 1×1 convolution over (level, x, y), torchvision's order, as a linear layer over (y, x, level)."""
    weight = conv.weight.detach().view(-1, levels, side, side)
    linear = nn.Linear(conv.in_channels, conv.out_channels)
    linear.weight = nn.Parameter(weight.permute(0, 3, 2, 1).flatten(1), requires_grad=False)
    if conv.bias is not None:
        linear.bias = nn.Parameter(conv.bias.detach(), requires_grad=False)
    return linear

"""Update block of RAFT for inference: the terms of the context are computed once instead of in every refinement."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models.optical_flow.raft import ConvGRU, CorrBlock, UpdateBlock

GateTerms = tuple[Tensor, Tensor]
"""Terms of the context in both gates, the update gate first, and in the candidate of a recurrent unit."""


class InferenceUpdateBlock(nn.Module):
    """Update block with the weights of :class:`torchvision.models.optical_flow.raft.UpdateBlock`.

    A convolution is linear: its output for the context, which stays the same, is added to its output for the other
    inputs. The first layer over the correlations takes them as :meth:`CorrelationPyramid.lookup` returns them.

    Args:
        block: block whose weights are used; its modules become part of this one.
        corr_block: correlation block of the same network, for its number of levels and its radius.
        channel_multiple: number that the motion features are filled up to a multiple of, by zeros behind the flow.

    Attributes:
        flow_channels: number of channels of the flow, of which the first two are read.
    """

    def __init__(self, block: UpdateBlock, corr_block: CorrBlock, *, channel_multiple: int = 1) -> None:
        super().__init__()
        motion_encoder = block.motion_encoder
        recurrent = block.recurrent_block
        side = 2 * corr_block.radius + 1
        self.corr1 = _to_linear(motion_encoder.convcorr1[0], corr_block.num_levels, side)
        self.corr2 = motion_encoder.convcorr2
        padding = -motion_encoder.out_channels % channel_multiple
        self.flow_channels = 2 + padding
        flow_conv, *activation = motion_encoder.convflow1
        self.flow = nn.Sequential(_pad_inputs(flow_conv, padding), *activation, *motion_encoder.convflow2)
        self.motion = motion_encoder.conv
        self.flow_head = block.flow_head
        units = [unit for unit in (recurrent.convgru1, recurrent.convgru2) if isinstance(unit, ConvGRU)]
        self.units = nn.ModuleList(
            _InferenceGru(unit, block.hidden_state_size, motion_encoder.out_channels, padding) for unit in units
        )

    def context_terms(self, context: Tensor) -> list[GateTerms]:
        """Return the terms of the context ``[P, C, h, w]``, which are the same in all refinements of a pair."""
        return [unit.context_terms(context) for unit in self.units]  # type: ignore[operator]

    def forward(
        self, hidden: Tensor, context_terms: list[GateTerms], correlations: Tensor, flow: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the next hidden state and the change of the flow.

        Shapes: ``hidden [P, C, h, w]``, ``correlations [(2r + 1)² · levels, P · h · w]``,
        ``flow [P, flow_channels, h, w]``.
        """
        pairs, _, height, width = flow.shape
        corr = F.relu_(self.corr1(correlations.t())).view(pairs, height, width, -1).permute(0, 3, 1, 2)
        features = torch.cat([self.corr2(corr), self.flow(flow)], dim=1)
        motion = (self.motion(features), flow)
        for unit, terms in zip(self.units, context_terms, strict=True):
            hidden = unit(hidden, motion, terms)
        return hidden, self.flow_head(hidden)


class _InferenceGru(nn.Module):
    """Convolutional gated recurrent unit whose input is the context followed by the motion features.

    Both gates read the same input, so that one convolution makes both.
    """

    def __init__(self, unit: ConvGRU, hidden_channels: int, motion_channels: int, padding: int) -> None:
        super().__init__()
        self.hidden_channels = hidden_channels
        self.padding = padding
        self.context_channels = slice(hidden_channels, unit.convz.in_channels - motion_channels)
        self.gates = self._join_convs([unit.convz, unit.convr], context=False)
        self.gates_context = self._join_convs([unit.convz, unit.convr], context=True)
        self.candidate = self._join_convs([unit.convq], context=False)
        self.candidate_context = self._join_convs([unit.convq], context=True)

    def _join_convs(self, convs: Sequence[nn.Conv2d], *, context: bool) -> nn.Conv2d:
        """Return the convolutions, one output after another, over the context, with the bias, or the other inputs."""
        begin = self.context_channels.start
        end = self.context_channels.stop
        weight = torch.cat([conv.weight.detach() for conv in convs])
        weight = weight[:, begin:end] if context else torch.cat([weight[:, :begin], weight[:, end:]], dim=1)
        biases = [conv.bias.detach() for conv in convs if conv.bias is not None]
        joined = _build_conv(weight, torch.cat(biases) if context else None, like=convs[0])
        return joined if context else _pad_inputs(joined, self.padding)

    def context_terms(self, context: Tensor) -> GateTerms:
        return self.gates_context(context), self.candidate_context(context)

    def forward(self, hidden: Tensor, motion: Sequence[Tensor], context_terms: GateTerms) -> Tensor:
        inputs = torch.cat([hidden, *motion], dim=1)
        gates = self.gates(inputs).add_(context_terms[0]).sigmoid_()
        update, reset = gates.chunk(2, dim=1)
        inputs.narrow(1, 0, self.hidden_channels).mul_(reset)
        candidate = self.candidate(inputs).add_(context_terms[1]).tanh_()
        return torch.lerp(hidden, candidate, update)


def _build_conv(weight: Tensor, bias: Tensor | None, *, like: nn.Conv2d) -> nn.Conv2d:
    """Return a convolution of given weights, with the kernel and padding of another one."""
    out_channels, in_channels = weight.shape[:2]
    conv = nn.Conv2d(in_channels, out_channels, like.kernel_size, padding=like.padding, bias=bias is not None)  # type: ignore[arg-type]
    conv.weight = nn.Parameter(weight, requires_grad=False)
    if bias is not None:
        conv.bias = nn.Parameter(bias, requires_grad=False)
    return conv


def _pad_inputs(conv: nn.Conv2d, padding: int) -> nn.Conv2d:
    """Return the convolution over more input channels, of which it leaves out the last ones."""
    if not padding:
        return conv
    weight = F.pad(conv.weight.detach(), (0, 0, 0, 0, 0, padding))
    return _build_conv(weight, None if conv.bias is None else conv.bias.detach(), like=conv)


def _to_linear(conv: nn.Conv2d, levels: int, side: int) -> nn.Linear:
    """Return a 1×1 convolution over (level, x, y), torchvision's order, as a linear layer over (y, x, level)."""
    weight = conv.weight.detach().view(-1, levels, side, side)
    linear = nn.Linear(conv.in_channels, conv.out_channels)
    linear.weight = nn.Parameter(weight.permute(0, 3, 2, 1).flatten(1), requires_grad=False)
    if conv.bias is not None:
        linear.bias = nn.Parameter(conv.bias.detach(), requires_grad=False)
    return linear

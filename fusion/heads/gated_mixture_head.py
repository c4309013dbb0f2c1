"""Joint head that mixes the answers of experts by a learned gate.

Jacobs, Jordan, Nowlan, Hinton 1991, Adaptive Mixtures of Local Experts (Neural Computation).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from triad.fusion.heads.joint import JointHead, JointOutput
from triad.modalities.registry import MODELS
from triad.modalities.valid_times import valid_or_all


@MODELS.register_module()
class GatedMixtureHead(JointHead):
    """Mean of the probabilities of one linear expert a stream, weighted for each sample by a gate.

    The gate reads the vectors of all streams and has a softmax over those that the sample has. It starts at zero, as
    the plain mean. The logits are ``log Σ g_s softmax(expert_s)``, so that the cross-entropy is the paper's
    ``−log Σ g_s p_s``.

    A stream that a sample lacks has weight 0 and its expert no gradient; with ``placeholders`` the gate, which reads
    its zeros otherwise, reads the learned vector.

    Args:
        in_channels, streams, placeholders: see :class:`JointHead`.
        num_classes: number of classes ``K``.
        hidden: channels of the gate's hidden layer; None for a linear gate.
        dropout: dropout probability before the experts and the gate, 0–1.
    """

    needs_single_label = True

    def __init__(
        self,
        *,
        in_channels: Mapping[str, int],
        num_classes: int,
        streams: Sequence[str] = (),
        placeholders: bool = False,
        hidden: int | None = None,
        dropout: float = 0.5,
    ) -> None:
        super().__init__(in_channels=in_channels, streams=streams, placeholders=placeholders)
        self.dropout = nn.Dropout(dropout)
        self.experts = nn.ModuleDict(
            {name: nn.Linear(channels, num_classes) for name, channels in self.in_channels.items()}
        )
        channels = sum(self.in_channels.values())
        layers: list[nn.Module] = [] if hidden is None else [nn.Linear(channels, hidden), nn.ReLU()]
        last = nn.Linear(hidden or channels, len(self.in_channels))
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.gate = nn.Sequential(*layers, last)

    def classify(self, vectors: Mapping[str, Tensor], present: Mapping[str, Tensor]) -> JointOutput:
        dropped = {name: self.dropout(vectors[name]) for name in self.in_channels}
        mask = torch.stack([present[name] for name in self.in_channels], dim=1)  # [B, N]
        scores = self.gate(torch.cat(list(dropped.values()), dim=1)).float()
        log_weights = scores.masked_fill(~valid_or_all(mask), -torch.inf).log_softmax(1)
        answers = [self.experts[name](vector).float().log_softmax(1) for name, vector in dropped.items()]
        log_probs = torch.stack(answers, dim=1)  # [B, N, K]
        return JointOutput(torch.logsumexp(log_probs + log_weights[..., None], dim=1), log_weights.exp())

"""Joint head over products of the streams' vectors.

Kim, On, Lim, Kim, Ha, Zhang 2017, Hadamard Product for Low-rank Bilinear Pooling (ICLR), MLB. Yu, Yu, Fan, Tao 2017,
Multi-modal Factorized Bilinear Pooling with Co-Attention Learning (ICCV), MFB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.fusion.heads.joint import JointHead, JointOutput
from triad.modalities.checks import fail
from triad.modalities.registry import MODELS


@MODELS.register_module()
class LowRankBilinearHead(JointHead):
    """Linear classifier of the elementwise product of one projection a stream.

    With ``factors`` 1 each projection has a tanh (MLB, eq. 11). With more, as many neighbouring channels of the product
    of plain projections are summed, and the sums are power-normalised, ``sign(z) √|z|``, and divided by their Euclidean
    length (MFB, whose paper has 5 factors). Any number of streams is multiplied.

    A stream that a sample lacks is a factor of ones, so that the product is that of the others; with ``placeholders``
    its learned vector is projected.

    Args:
        in_channels, streams, placeholders: see :class:`JointHead`.
        num_classes: number of classes ``K``.
        rank: number of channels of the product that the classifier reads.
        factors: number of channels that are summed into each of them.
        dropout: dropout probability before the projections, 0–1, and with several factors also of the product.

    Raises:
        InputError: If ``rank`` or ``factors`` is not positive.
    """

    def __init__(
        self,
        *,
        in_channels: Mapping[str, int],
        num_classes: int,
        streams: Sequence[str] = (),
        placeholders: bool = False,
        rank: int = 256,
        factors: int = 1,
        dropout: float = 0.5,
    ) -> None:
        super().__init__(in_channels=in_channels, streams=streams, placeholders=placeholders)
        if rank < 1 or factors < 1:
            fail("LowRankBilinearHead.rank and factors", "be at least 1", f"{rank} and {factors}")
        self.factors = factors
        self.dropout = nn.Dropout(dropout)
        self.projections = nn.ModuleDict(
            {name: nn.Linear(channels, rank * factors) for name, channels in self.in_channels.items()}
        )
        self.classifier = nn.Linear(rank, num_classes)

    def classify(self, vectors: Mapping[str, Tensor], present: Mapping[str, Tensor]) -> JointOutput:
        factors = []
        for name, vector in vectors.items():
            factor = self.projections[name](self.dropout(vector))
            if self.factors == 1:
                factor = factor.tanh()
            counted = torch.ones_like(present[name]) if name in self.placeholders else present[name]
            factors.append(torch.where(counted[:, None], factor, torch.ones_like(factor)))
        product = torch.stack(factors).prod(0)  # [B, rank · factors]
        if self.factors > 1:
            sums = self.dropout(product).unflatten(1, (-1, self.factors)).sum(2)
            product = F.normalize(power_normalize(sums), dim=1)
        return JointOutput(self.classifier(product))


def power_normalize(values: Tensor) -> Tensor:
    """Return ``sign(z) √|z|``, with a finite gradient at 0."""
    return values.sign() * (values.abs() + 1e-12).sqrt()

"""Joint heads: one classifier over the vectors of several streams."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from triad.modalities.checks import check_choice, fail


class JointOutput(NamedTuple):
    """Output of a joint head.

    Attributes:
        logits: logits of every sample, ``[B, K]``.
        weights: weight of each stream of the head in each sample, ``[B, N]``; None of a head that weighs none.
    """

    logits: Tensor
    weights: Tensor | None = None


class JointHead(nn.Module, ABC):
    """Base of classifiers over the vectors of several streams.

    The vectors of a stream that a sample lacks are zeros, or with ``placeholders`` a learned vector. Vectors are
    normalised per sample, so that no stream outweighs the others by its scale.

    Args:
        in_channels: length of the vector of each stream that the recognizer has at test.
        streams: streams to read; none for all.
        placeholders: whether a missing stream is replaced by a learned vector.

    Raises:
        InputError: for a stream that the recognizer does not have at test, or fewer than two.
    """

    needs_single_label = False
    """Whether its logits are those of one class a sample."""

    def __init__(
        self,
        *,
        in_channels: Mapping[str, int],
        streams: Sequence[str] = (),
        placeholders: bool = False,
    ) -> None:
        super().__init__()
        if isinstance(streams, str):
            fail("streams of a joint head", "be a sequence of names", f"'{streams}'")
        for stream in streams:
            check_choice("stream of a joint head", stream, in_channels)
        self.in_channels = {name: in_channels[name] for name in (streams or in_channels)}
        if len(self.in_channels) < 2:
            got = ", ".join(self.in_channels) or "none"
            fail("streams of a joint head", "be at least two that a test reads", got, "leave out the joint_head")
        self.norms = nn.ModuleDict({name: nn.LayerNorm(channels) for name, channels in self.in_channels.items()})
        self.placeholders = nn.ParameterDict(
            {name: torch.zeros(channels) for name, channels in self.in_channels.items()} if placeholders else {}
        )

    def forward(self, vectors: Mapping[str, Tensor], rows: Mapping[str, Tensor], size: int) -> JointOutput:
        """Return the output of a batch of ``size`` samples; that of a sample without any stream means nothing.

        Args:
            vectors: vectors of the streams that some sample has.
            rows: samples that have each stream.
            size: number of samples B.

        Shapes: ``[P, C]``, int ``[P]`` a stream -> logits ``[B, K]``.
        """
        full = {}
        present = {}
        reference = next(iter(vectors.values()))
        for name, channels in self.in_channels.items():
            missing = self.placeholders[name] if name in self.placeholders else reference.new_zeros(channels)
            values = missing.to(reference).expand(size, channels)
            mask = torch.zeros(size, dtype=torch.bool, device=reference.device)
            if name in vectors:
                values = values.index_copy(0, rows[name], self.norms[name](vectors[name]).to(values.dtype))
                mask = mask.index_fill(0, rows[name], True)
            full[name] = values
            present[name] = mask
        return self.classify(full, present)

    @abstractmethod
    def classify(self, vectors: Mapping[str, Tensor], present: Mapping[str, Tensor]) -> JointOutput:
        """Return logits of normalised vectors. Shapes: ``[B, C]``, bool ``[B]`` a stream -> ``[B, K]``."""
        ...

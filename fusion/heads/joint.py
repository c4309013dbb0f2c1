"""Joint heads: one classifier over the vectors of several streams."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from modalities.checks import check_choice, fail
from modalities.registry import MODELS


class JointHead(nn.Module, ABC):
    """Base of classifiers over the vectors of several streams.

    The vectors of a stream that a sample lacks are zeros, or with ``placeholders`` a learned vector. Vectors are
    normalised per sample, so that no stream outweighs the others by its scale.

    Args:
        in_channels: length of the vector of each stream that the recognizer has at test.
        num_classes: number of classes ``K``.
        streams: streams to read; none for all.
        placeholders: whether a missing stream is replaced by a learned vector.

    Raises:
        InputError: for a stream that the recognizer does not have.
    """

    def __init__(
        self,
        *,
        in_channels: Mapping[str, int],
        num_classes: int,
        streams: Sequence[str] = (),
        placeholders: bool = False,
    ) -> None:
        super().__init__()
        if isinstance(streams, str):
            fail("streams of a joint head", "be a sequence of names", f"'{streams}'")
        for stream in streams:
            check_choice("stream of a joint head", stream, in_channels)
        self.in_channels = {name: in_channels[name] for name in (streams or in_channels)}
        self.num_classes = num_classes
        self.norms = nn.ModuleDict({name: nn.LayerNorm(channels) for name, channels in self.in_channels.items()})
        self.placeholders = nn.ParameterDict(
            {name: torch.zeros(channels) for name, channels in self.in_channels.items()} if placeholders else {}
        )

    def forward(self, vectors: Mapping[str, Tensor], rows: Mapping[str, Tensor], size: int) -> Tensor:
        """Return logits of a batch of ``size`` samples; those of a sample without any stream mean nothing.

        Args:
            vectors: vectors of the streams that some sample has.
            rows: samples that have each stream.
            size: number of samples B.

        Shapes: ``[P, C]``, int ``[P]`` a stream -> ``[B, K]``.
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
    def classify(self, vectors: Mapping[str, Tensor], present: Mapping[str, Tensor]) -> Tensor:
        """Return logits of normalised vectors. Shapes: ``[B, C]``, bool ``[B]`` a stream -> ``[B, K]``."""
        ...


@MODELS.register_module()
class ConcatHead(JointHead):
    """Linear layer, or a perceptron with one hidden layer, over the concatenated vectors of the streams.

    Args:
        in_channels, num_classes, streams, placeholders: see :class:`JointHead`.
        hidden: channels of the hidden layer; None for a linear layer.
        dropout: dropout probability before each linear layer, 0–1.
    """

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
        super().__init__(in_channels=in_channels, num_classes=num_classes, streams=streams, placeholders=placeholders)
        channels = sum(self.in_channels.values())
        layers: list[nn.Module] = []
        if hidden is not None:
            layers = [nn.Dropout(dropout), nn.Linear(channels, hidden), nn.ReLU()]
        self.classifier = nn.Sequential(*layers, nn.Dropout(dropout), nn.Linear(hidden or channels, num_classes))

    def classify(self, vectors: Mapping[str, Tensor], present: Mapping[str, Tensor]) -> Tensor:
        return self.classifier(torch.cat(list(vectors.values()), dim=1))

"""A recognizer as one graph: no row is chosen, every sample is computed and what it lacks is left out afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import torch
from torch import Tensor, nn

from fusion.models import Recognizer
from fusion.models.streams import StreamFeatures, valid_at

Inputs = Mapping[str, Mapping[str, Tensor]]


class RecognizerGraph(nn.Module):
    """What ``test`` computes of a batch, without anything that depends on the values of its masks.

    In evaluation no sample touches another, so that computing all of them and choosing afterwards gives the same
    scores as computing those that have a stream. Where an attention looks from one stream to another, the features
    go through it once for every set of streams that a sample may have.

    Args:
        model: in evaluation.
        streams: which of its streams a sample may have; the others are taken as absent.

    Shapes: ``{stream: {"data", "valid", "present"[, "scores"]}}`` as ``collate`` makes them -> ``{stream: logits [B,
    K]}``, 0 where the sample lacks the stream; of several streams also ``"fused"``: log-probabilities ``[B, K]``.
    """

    def __init__(self, model: Recognizer, streams: Sequence[str]) -> None:
        super().__init__()
        self.model = model
        self.streams = list(streams)

    def forward(self, inputs: Inputs) -> dict[str, Tensor]:
        model, present = self.model, {name: inputs[name]["present"] for name in self.streams}
        features = {}
        for name in self.streams:
            data, valid = model.data_preprocessor.transforms[name](inputs[name], None)
            rows = torch.arange(data.shape[0], device=data.device)  # len() would fix it in the graph
            encoder: Any = model.encoders[name]  # keeps modalities.encoder.Encoder
            output = encoder(data, valid)
            times = output["map"].shape[encoder.output_axes.index("T")] if "T" in encoder.output_axes else 1
            shown = valid_at(valid, times)
            features[name] = StreamFeatures(rows, output["map"], shown, encoder.output_axes, output.get("pooled"))
        logits = self._logits(features, present)
        scores = {name: torch.where(present[name][:, None], logits[name], 0.0) for name in self.streams}
        if len(self.streams) == 1:
            return scores
        there = torch.stack([present[name] for name in self.streams]).float()  # [S, B]
        sure = torch.stack([logits[name].log_softmax(-1) for name in self.streams]) * there[..., None]
        fused = (sure.sum(0) / there.sum(0).clamp(min=1)[:, None]).log_softmax(-1)
        return scores | {"fused": fused}

    def _logits(self, features: Mapping[str, StreamFeatures], present: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Logits of every stream; those of a sample without the stream mean nothing."""
        logits = self._heads(features)
        if self.model.attention is None:
            return logits
        for size in range(1, len(features)):
            for kept in combinations(features, size):
                these = torch.stack([present[name] == (name in kept) for name in features]).all(0)[:, None]
                others = self._heads({name: features[name] for name in kept})
                logits |= {name: torch.where(these, others[name], logits[name]) for name in kept}
        return logits

    def _heads(self, features: Mapping[str, StreamFeatures]) -> dict[str, Tensor]:
        model, found = self.model, dict(features)
        if model.attention is not None:
            found, _ = model.attention(found)
        return {name: model.heads[name](each.vector(model.temporal_bins)) for name, each in found.items()}

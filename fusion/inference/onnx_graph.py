"""Recognizer as one graph for ONNX: every sample is computed, and absent streams are masked afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import torch
from torch import Tensor, nn

from fusion.data import WHOLE_FRAME
from fusion.models import Recognizer, StreamFeatures, features_of
from modalities.augmentation import SpatialAugmentation

Inputs = Mapping[str, Mapping[str, Tensor]]


class RecognizerGraph(nn.Module):
    """Computes the scores of ``test`` without any step that depends on the values of masks.

    In evaluation no sample touches another, so computing all samples and masking afterwards gives the same scores as
    computing those that have a stream. Where attention reads one stream to weigh another, the features pass through it
    once for every set of streams that a sample may have.

    Args:
        model: recognizer in evaluation mode.
        streams: names of its streams that a sample may have; the others are always absent.
        view: view of all samples.

    Shapes: ``{stream: {"data", "valid", "present"[, "scores"]}}`` as ``collate`` makes them -> ``{stream: logits [B,
    K]}``, 0 where the sample lacks the stream; of several streams also ``"fused"``: log-probabilities ``[B, K]``.
    """

    def __init__(self, model: Recognizer, streams: Sequence[str], view: SpatialAugmentation = WHOLE_FRAME[0]) -> None:
        super().__init__()
        self.model = model
        self.view = view
        self.streams = list(streams)

    def forward(self, inputs: Inputs) -> dict[str, Tensor]:
        present = {name: inputs[name]["present"] for name in self.streams}
        features = {name: self._encode(name, inputs[name]) for name in self.streams}
        logits = self._masked_logits(features, present)
        scores = {name: torch.where(present[name][:, None], logits[name], 0.0) for name in self.streams}
        if len(self.streams) == 1:
            return scores
        mask = torch.stack([present[name] for name in self.streams]).float()  # [S, B]
        logprobs = torch.stack([logits[name].log_softmax(-1) for name in self.streams]) * mask[..., None]  # [S, B, K]
        fused = (logprobs.sum(0) / mask.sum(0).clamp(min=1)[:, None]).log_softmax(-1)
        return scores | {"fused": fused}

    def _encode(self, name: str, clip: Mapping[str, Tensor]) -> StreamFeatures:
        data, valid = self.model.data_preprocessor.transforms[name](clip, self.view)
        rows = torch.arange(data.shape[0], device=data.device)  # len() would fix the batch size in the graph
        encoder: Any = self.model.encoders[name]  # a modalities.encoder.Encoder
        output = encoder(data, valid)
        return features_of(output, encoder.output_axes, rows, valid)

    def _masked_logits(
        self, features: Mapping[str, StreamFeatures], present: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        """Return logits of every stream; those of a sample without the stream are arbitrary."""
        logits = self._logits(features)
        if self.model.attention is None:
            return logits
        for size in range(1, len(features)):
            for subset in combinations(features, size):
                has_subset = torch.stack([present[name] == (name in subset) for name in features]).all(0)[:, None]
                subset_logits = self._logits({name: features[name] for name in subset})
                logits |= {name: torch.where(has_subset, subset_logits[name], logits[name]) for name in subset}
        return logits

    def _logits(self, features: Mapping[str, StreamFeatures]) -> dict[str, Tensor]:
        attended = dict(features)
        if self.model.attention is not None:
            attended, _ = self.model.attention(attended)
        return {name: self.model.heads[name](self.model.pool(stream)) for name, stream in attended.items()}

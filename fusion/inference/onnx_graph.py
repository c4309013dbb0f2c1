"""Recognizer as one graph for ONNX: every sample is computed, and absent streams are masked afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import torch
from torch import Tensor, nn

from triad.fusion.data import WHOLE_FRAME
from triad.fusion.models import Recognizer, StreamFeatures, StreamInput, encode_pair, features_of, fused_score
from triad.fusion.predictions import FUSED
from triad.modalities.augmentation import SpatialAugmentation

Inputs = Mapping[str, Mapping[str, Tensor]]


class RecognizerGraph(nn.Module):
    """Computes the scores of ``test`` without any step that depends on the values of masks.

    In evaluation no sample touches another, so computing all samples and masking afterwards gives the same scores as
    computing those that have a stream. What follows the encoders is computed once for every set of streams that a
    sample may have.

    Args:
        model: recognizer in evaluation mode.
        streams: names of its streams that a sample may have; the others are always absent.
        view: view of all samples.

    Shapes: ``{stream: {"data", "valid", "present"[, "scores"]}}`` as ``collate`` makes them -> ``{stream: logits [B,
    K]}`` of the streams with a head, 0 where the sample lacks the stream; of several streams also ``"fused"``:
    log-probabilities ``[B, K]``.
    """

    def __init__(self, model: Recognizer, streams: Sequence[str], view: SpatialAugmentation = WHOLE_FRAME[0]) -> None:
        super().__init__()
        self.model = model
        self.view = view
        self.streams = list(streams)

    def forward(self, inputs: Inputs) -> dict[str, Tensor]:
        clips = {name: self._prepare(name, inputs[name]) for name in self.streams}
        features = {name: self._encode(name, clip) for name, clip in clips.items()}
        paired = self._encode_pair(clips)
        present = {name: inputs[name]["present"][:, None] for name in self.streams}
        size = present[self.streams[0]].shape[0]
        blank = next(iter(features.values())).map.new_zeros(size, self.model.num_classes)
        scores = {name: blank for name in self.streams if name in self.model.heads}
        if len(self.streams) > 1:
            scores[FUSED] = blank - math.log(self.model.num_classes)
        for count in range(1, len(features) + 1):
            for subset in combinations(features, count):
                has_subset = torch.stack([present[name] == (name in subset) for name in features]).all(0)  # [B, 1]
                of_subset = {name: features[name] for name in subset}
                if paired.keys() <= of_subset.keys():
                    of_subset |= paired
                answers = self._answers(of_subset, size)
                scores |= {
                    name: torch.where(has_subset, answer, scores[name])
                    for name, answer in answers.items()
                    if name in scores
                }
        return scores

    def _prepare(self, name: str, clip: Mapping[str, Tensor]) -> StreamInput:
        data, valid = self.model.data_preprocessor.transforms[name](clip, self.view)
        rows = torch.arange(data.shape[0], device=data.device)  # len() would fix the batch size in the graph
        return StreamInput(rows, data, valid)

    def _encode(self, name: str, clip: StreamInput) -> StreamFeatures:
        encoder: Any = self.model.encoders[name]  # a triad.modalities.encoder.Encoder
        return features_of(encoder(clip.data, clip.valid), encoder.output_axes, clip)

    def _encode_pair(self, clips: Mapping[str, StreamInput]) -> dict[str, StreamFeatures]:
        """Return the features of two streams whose encoders are connected, of samples that have both."""
        paired = self.model.paired
        if paired is None or not set(paired.streams) <= set(clips):
            return {}
        rows = clips[paired.streams[0]].rows
        inputs = {name: clips[name]._replace(rows=rows) for name in paired.streams}
        encoders: dict[str, Any] = dict(self.model.encoders.items())
        outputs = encode_pair(paired, encoders, inputs)
        return {name: features_of(output, encoders[name].output_axes, inputs[name]) for name, output in outputs.items()}

    def _answers(self, features: Mapping[str, StreamFeatures], size: int) -> dict[str, Tensor]:
        """Return the logits of every head and the fused score of samples that have exactly these streams."""
        rows = next(iter(features.values())).rows
        scores = self.model.classify(features, {"number": rows}).scores
        fused = fused_score(self.model.fused, scores, size, self.model.num_classes)
        return {**{name: logits for name, (logits, _) in scores.items()}, FUSED: fused}

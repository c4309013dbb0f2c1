"""The scores of one stream as a function of its skeletons alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from fusion.models import Recognizer
from fusion.models.streams import StreamFeatures, encode_stream
from modalities.checks import fail

Entry = dict[str, Tensor]
"""The part of a batch that is one stream's: data, scores, valid, present."""


class StreamScore:
    """What the head of a skeleton stream says of one sample, everything but its joints held still.

    An attention between streams is asked again, the encoders of other streams are not: their features are kept.

    Args:
        model: in evaluation.
        batch: of one sample, as the loader gives it.
        stream: of skeletons.

    Raises:
        InputError: if the batch holds another number of samples, the model has no such stream, it is none of
            skeletons, or the sample lacks it.
    """

    def __init__(self, model: Recognizer, batch: Mapping[str, Any], *, stream: str) -> None:
        if len(batch["id"]) != 1:
            fail("batch to explain", "hold one sample", len(batch["id"]))
        if stream not in model.streams:
            fail("stream to explain", f"be one of {', '.join(model.streams)}", f"'{stream}'")
        if "scores" not in batch[stream]:
            fail(f"stream '{stream}' to explain", "be of skeletons", "frames or flow")
        if not bool(batch[stream]["present"][0]):
            fail(f"sample '{batch['id'][0]}' to explain", f"have stream '{stream}'", "none")
        moved: dict[str, Any] = dict(model.data_preprocessor.cast_data(batch))
        self.model, self.stream = model, stream
        self.view: Mapping[str, Tensor] = moved["view"]
        self.entry: Entry = moved[stream]
        self.transform: Any = model.data_preprocessor.transforms[stream]
        self.others: dict[str, StreamFeatures] = {}
        if model.attention is not None:
            with torch.no_grad():
                for name in set(model.streams) - {stream}:
                    found, _ = encode_stream(_encoder(model, name), self._prepared(moved[name], name))
                    self.others |= {name: found} if found is not None else {}

    @property
    def seen(self) -> Tensor:
        """Which joints were measured, bool ``[M, T, V]``."""
        return (self.entry["scores"][0] > 0) & self.entry["valid"][0, :, :, None]

    def hide(self, hidden: Tensor) -> Entry:
        """Copies of the skeletons with joints marked as lost, the way a sensor that loses them does: score 0.

        Shapes: bool ``[N, M, T, V]`` -> an entry of ``N`` samples.
        """
        scores = self.entry["scores"].masked_fill(hidden, 0)
        return {
            "data": self.entry["data"].masked_fill(hidden[..., None], 0),
            "scores": scores,
            "valid": self.entry["valid"] & (scores > 0).any(-1),  # a person of whom nothing is left is not there
            "present": self.entry["present"].expand(len(hidden)),
        }

    def prepare(self, entry: Entry) -> Entry:
        """Copies of the skeletons as the network reads them: through the transform, fillers of lost joints included."""
        return self._prepared(entry, self.stream)

    def logits(self, prepared: Entry) -> Tensor:
        """``[N, K]`` of ``N`` prepared copies.

        Raises:
            InputError: if the stream is present in none of them.
        """
        found, _ = encode_stream(_encoder(self.model, self.stream), prepared)
        if found is None:
            fail(f"copies of stream '{self.stream}' to score", "be present", "none that is")
        features = {self.stream: found}
        if self.model.attention is not None:
            count = len(prepared["data"])
            features, _ = self.model.attention(features | {k: _repeat(v, count) for k, v in self.others.items()})
        return self.model.heads[self.stream](features[self.stream].vector(self.model.temporal_bins))

    def choose(self, logits: Tensor, target: int | None) -> int:
        """The class that is explained: ``target``, or the one of the highest of ``[K]`` logits.

        Raises:
            InputError: if there is no such class.
        """
        if target is None:
            return int(logits.argmax())
        if not 0 <= target < len(logits):
            fail("class to explain", f"be in 0–{len(logits) - 1}", target)
        return target

    def _prepared(self, entry: Entry, stream: str) -> Entry:
        view = {name: value.expand(len(entry["data"])) for name, value in self.view.items()}
        data, valid = self.model.data_preprocessor.transforms[stream](entry, view)
        return {**entry, "data": data, "valid": valid}


def _encoder(model: Recognizer, stream: str) -> Any:
    return model.encoders[stream]


def _repeat(features: StreamFeatures, count: int) -> StreamFeatures:
    """The features of one sample for ``count`` copies of it."""
    rows = torch.arange(count, device=features.rows.device)
    pooled = None if features.pooled is None else features.pooled.expand(count, -1)
    return replace(
        features,
        rows=rows,
        map=features.map.expand(count, *features.map.shape[1:]),
        valid=features.valid.expand(count, *features.valid.shape[1:]),
        pooled=pooled,
    )

"""Scores of one stream as a function of its skeletons alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from triad.fusion.models import Recognizer, StreamFeatures, encode_stream, encode_streams, fused_score
from triad.modalities.checks import fail

Entry = dict[str, Tensor]
"""Tensors of one stream in a batch: data, scores, valid, present."""


class StreamScore:
    """Logits of a skeleton stream for changed copies of one sample, everything but its joints fixed.

    The log-probabilities of the whole model stand for those of a stream without a head. Fusion of streams is computed
    for each copy; the features of the other streams are computed once.

    Args:
        model: recognizer in evaluation mode.
        batch: batch of one sample, as the loader returns it.
        stream: name of a skeleton stream.

    Attributes:
        entry: tensors of the stream, on the device.
        view: spatial augmentation of the sample.
        transform: transform of the stream.

    Raises:
        InputError: If the batch holds another number of samples, the model has no such stream, it has no skeletons, or
            the sample lacks it.
    """

    def __init__(self, model: Recognizer, batch: Mapping[str, Any], *, stream: str) -> None:
        if len(batch["id"]) != 1:
            fail("batch to explain", "hold one sample", len(batch["id"]))
        if stream not in model.test_streams:
            fail("stream to explain", f"be one of {', '.join(model.test_streams)}", f"'{stream}'")
        if "scores" not in batch[stream]:
            fail(f"stream '{stream}' to explain", "be of skeletons", "frames or flow")
        if not bool(batch[stream]["present"][0]):
            fail(f"sample '{batch['id'][0]}' to explain", f"have stream '{stream}'", "none")
        on_device: dict[str, Any] = dict(model.data_preprocessor.to_device(batch))
        self.model = model
        self.stream = stream
        self.view: Mapping[str, Tensor] = on_device["view"]
        self.entry: Entry = on_device[stream]
        self.transform: Any = model.data_preprocessor.transforms[stream]
        self._other_features: dict[str, StreamFeatures] = {}
        self._partners: dict[str, Entry] = {}
        prepared: dict[str, Entry] = model.data_preprocessor(batch, False)["batch"]  # crops around joints read poses
        paired = model.paired.streams if model.paired is not None else ()
        if stream in paired:  # the other encoder sees the skeletons too
            self._partners = {
                name: prepared[name] for name in paired if name != stream and bool(prepared[name]["present"][0])
            }
        if len(model.attention) or model.joint_head is not None or stream not in model.heads:
            with torch.no_grad():
                for name in set(model.test_streams) - {stream, *self._partners}:
                    features, _ = encode_stream(_encoder(model, name), prepared[name])
                    if features is not None:
                        self._other_features[name] = features

    @property
    def visible(self) -> Tensor:
        """Whether each joint was measured, bool ``[M, T, V]``."""
        return (self.entry["scores"][0] > 0) & self.entry["valid"][0, :, :, None]

    def hide(self, hidden: Tensor) -> Entry:
        """Return copies of the skeletons in which joints are lost as a sensor loses them: score 0.

        Shapes: bool ``[N, M, T, V]`` -> tensors of ``N`` samples.
        """
        scores = self.entry["scores"].masked_fill(hidden, 0)
        return {
            "data": self.entry["data"].masked_fill(hidden[..., None], 0),
            "scores": scores,
            "valid": self.entry["valid"] & (scores > 0).any(-1),  # a person without joints is absent
            "present": self.entry["present"].expand(len(hidden)),
        }

    def prepare(self, entry: Entry) -> Entry:
        """Return the input of the network for copies of the skeletons, missing joints interpolated if it does so."""
        view = {name: value.expand(len(entry["data"])) for name, value in self.view.items()}
        data, valid = self.transform(entry, view)
        return {**entry, "data": data, "valid": valid}

    def logits(self, prepared: Entry) -> Tensor:
        """Return the logits ``[N, K]`` of ``N`` prepared copies.

        Raises:
            InputError: If the stream is present in none of them.
        """
        size = len(prepared["data"])
        partners = {
            name: {key: entry[key].expand(size, *entry[key].shape[1:]) for key in ("data", "valid", "present")}
            for name, entry in self._partners.items()
        }
        entries = {self.stream: prepared, **partners}
        encoders = {name: _encoder(self.model, name) for name in entries}
        features, _ = encode_streams(encoders, entries, self.model.paired)
        if self.stream not in features:
            fail(f"copies of stream '{self.stream}' to score", "be present", "none that is")
        others = {name: _repeat(other, size) for name, other in self._other_features.items()}
        batch = {"number": torch.zeros(size), self.stream: prepared}
        scores = self.model.classify(features | others, batch).scores
        if self.stream in scores:
            return scores[self.stream][0]
        return fused_score(self.model.fused, scores, size, self.model.num_classes)

    def choose_class(self, logits: Tensor, target: int | None) -> int:
        """Return the class to explain: ``target``, or the class of the highest of ``[K]`` logits.

        Raises:
            InputError: If there is no such class.
        """
        if target is None:
            return int(logits.argmax())
        if not 0 <= target < len(logits):
            fail("class to explain", f"be in 0–{len(logits) - 1}", target)
        return target


def _encoder(model: Recognizer, stream: str) -> Any:
    return model.encoders[stream]


def _repeat(features: StreamFeatures, size: int) -> StreamFeatures:
    """Return the features of one sample for ``size`` copies of it."""
    rows = torch.arange(size, device=features.rows.device)
    pooled = None if features.pooled is None else features.pooled.expand(size, -1)
    return replace(
        features,
        rows=rows,
        samples=tuple(range(size)),
        map=features.map.expand(size, *features.map.shape[1:]),
        valid=features.valid.expand(size, *features.valid.shape[1:]),
        pooled=pooled,
        taps={name: tap.expand(size, *tap.shape[1:]) for name, tap in features.taps.items()},
    )

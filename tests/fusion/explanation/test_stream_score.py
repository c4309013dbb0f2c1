"""Logits of one stream for changed joints equal those of the recognizer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import torch
from hand_made import LAYOUT, PERSONS, TIMES, Flat, lose, make_batch

from triad.fusion.explanation import StreamScore, gradient_times_input, occlusion
from triad.fusion.models import Features, FeatureShape, FusionModule, FusionOutput, Recognizer
from triad.modalities.checks import InputError
from triad.modalities.encoder import EncoderOutput
from triad.modalities.skeleton import PoseReader
from triad.modalities.skeleton.transforms import SkeletonTransform

SIZE = PERSONS * 3 * TIMES * LAYOUT.num_joints


class Product(FusionModule):
    """A module for which each number of ``skeleton`` counts as much as that of ``other``."""

    def __init__(self, *, shapes: Mapping[str, FeatureShape]) -> None:
        super().__init__()

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        both, other = features["skeleton"], features["other"]
        return FusionOutput({**features, "skeleton": both.with_map(both.map * other.map)})


@pytest.fixture
def model() -> Recognizer:
    torch.manual_seed(0)
    transform = {"type": SkeletonTransform, "layout": LAYOUT.name, "frame_size": (120, 160)}
    reader = {"type": PoseReader, "layout": LAYOUT.name, "frame_size": (120, 160)}
    stream = {
        "reader": reader,
        "num_frames": TIMES,
        "transform": transform,
        "encoder": {"type": Flat, "out_channels": SIZE},
    }
    streams = {"skeleton": stream, "other": stream}
    return Recognizer(num_classes=3, streams=streams, attention=[{"type": Product}]).eval()


@pytest.fixture
def batch() -> dict[str, Any]:
    return {**make_batch(), "other": make_batch(seed=2)["skeleton"]}


def test_copies_score_as_recognizer(model: Recognizer, batch: dict[str, Any]) -> None:
    """Nothing hidden, a joint hidden, a whole person hidden: each as if the reader had delivered it so."""
    score = StreamScore(model, batch, stream="skeleton")
    hidden = torch.zeros(3, PERSONS, TIMES, LAYOUT.num_joints, dtype=torch.bool)
    hidden[1, 0, 2:4, 5], hidden[2, 1] = True, True
    with torch.no_grad():
        logits = score.logits(score.prepare(score.hide(hidden)))
        for row, copy in enumerate((batch, lose(batch, 0, slice(2, 4), 5), lose(batch, 1, slice(None), slice(None)))):
            expected = model(**model.data_preprocessor(copy, False))["skeleton"][0]
            torch.testing.assert_close(logits[row], expected, atol=1e-5, rtol=1e-4)
    assert score.hide(hidden)["valid"].any(2).tolist() == [[True, True], [True, True], [True, False]]
    assert batch["skeleton"]["scores"].all()  # the sample itself stays as it is


def test_relevance_passes_through_attention(model: Recognizer, batch: dict[str, Any]) -> None:
    weights = model.heads["skeleton"].fc.weight[1].detach().view(PERSONS, 3, TIMES, LAYOUT.num_joints)
    product = batch["skeleton"]["data"][0] * batch["other"]["data"][0]  # [M, T, V, C]
    terms = (weights * product.permute(0, 3, 1, 2)).sum(1)
    for values in (
        gradient_times_input(model, batch, stream="skeleton", target=1),
        occlusion(model, batch, stream="skeleton", target=1, num_intervals=TIMES),
    ):
        torch.testing.assert_close(values, terms, atol=1e-5, rtol=1e-4)


class ReadsSkeleton(SkeletonTransform):
    """A transform that reads another stream, as a crop around joints does."""

    reads = ("skeleton",)

    def forward(self, entry: Any, view: Any, entries: Any = None) -> Any:
        data, valid = super().forward(entry, view)
        return data + entries["skeleton"]["scores"].mean(), valid


class TapProduct(Product):
    """:class:`Product` with an inner map."""

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        both, other = features["skeleton"], features["other"]
        return FusionOutput({**features, "skeleton": both.with_map(both.map * other.taps["inner"][other.rows])})


class FlatWithTap(Flat):
    def forward(self, data: torch.Tensor, valid: torch.Tensor | None) -> EncoderOutput:
        output = super().forward(data, valid)
        return replace(output, taps={"inner": output.map})


def test_other_streams_are_those_of_recognizer(batch: dict[str, Any]) -> None:
    """Other streams may read joints in their transform and give inner maps to fusion."""
    torch.manual_seed(0)
    options = {"layout": LAYOUT.name, "frame_size": (120, 160)}
    stream = {
        "reader": {"type": PoseReader, **options},
        "num_frames": TIMES,
        "transform": {"type": SkeletonTransform, **options},
        "encoder": {"type": FlatWithTap, "out_channels": SIZE},
    }
    model = Recognizer(num_classes=3, streams={"skeleton": stream, "other": stream}).eval()
    model.attention.append(TapProduct(shapes={}))
    model.data_preprocessor.transforms["other"] = ReadsSkeleton(**options)
    score = StreamScore(model, batch, stream="skeleton")
    with torch.no_grad():
        expected = model(**model.data_preprocessor(batch, False))["skeleton"]
        shown = torch.zeros(2, PERSONS, TIMES, LAYOUT.num_joints, dtype=torch.bool)
        logits = score.logits(score.prepare(score.hide(shown)))
    torch.testing.assert_close(logits, expected.expand(2, -1), atol=1e-5, rtol=1e-4)


def test_stream_without_joints_is_refused(model: Recognizer, batch: dict[str, Any]) -> None:
    batch["other"] = {name: value for name, value in batch["other"].items() if name != "scores"}
    with pytest.raises(InputError, match=r"^stream 'other' to explain must be of skeletons, got frames or flow$"):
        StreamScore(model, batch, stream="other")


def test_copies_without_stream_are_refused(model: Recognizer, batch: dict[str, Any]) -> None:
    score = StreamScore(model, batch, stream="skeleton")
    prepared = score.prepare(score.entry)
    with pytest.raises(InputError, match=r"^copies of stream 'skeleton' to score must be present, got none that is$"):
        score.logits({**prepared, "present": torch.zeros(1, dtype=torch.bool)})

"""A label at every time, with heads, losses and fusion of the recognizer of clips."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from triad.fusion.data import Sample, collate
from triad.fusion.heads import truncated_smoothing_loss
from triad.fusion.models import FramewiseRecognizer
from triad.fusion.models.framewise_recognizer import frame_labels
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.clips import Span
from triad.modalities.features import FeatureClip, FeatureReader
from triad.modalities.features.transforms import FeatureTransform
from triad.modalities.video_encoders import AsformerDecoders, MsTcnRefinement, Pdan, RawFeatures, Tcn

STEP = 0.5


def stream(channels: int = 2, encoder: dict[str, Any] | None = None, **transform: Any) -> dict[str, Any]:
    return {
        "reader": {"type": FeatureReader, "channels": channels},
        "num_frames": 4,
        "transform": {"type": FeatureTransform, **transform},
        "encoder": encoder or {"type": RawFeatures, "in_channels": channels},
    }


def model_of(streams: dict[str, Any], **options: Any) -> FramewiseRecognizer:
    torch.manual_seed(0)
    return FramewiseRecognizer(num_classes=3, streams=streams, **{"loss": "bce", **options})


def sample(name: str, num_times: int, *, streams: tuple[str, ...] = ("f",), absent: tuple[str, ...] = ()) -> Sample:
    rng = np.random.default_rng(num_times)
    times = (np.arange(num_times) + 0.5) * STEP
    clips = {
        key: FeatureClip(rng.standard_normal((num_times, 2)).astype(np.float32), times, np.ones(num_times, bool))
        for key in streams
    }
    labels = rng.integers(0, 2, (num_times, 3))
    present = {key: key not in absent for key in streams}
    return Sample(name, labels, 0, Span(0.0, num_times * STEP), SpatialAugmentation(), clips, present)


def prepare(model: FramewiseRecognizer, *samples: Sample) -> dict[str, Any]:
    return model.data_preprocessor(collate(samples), False)["batch"]


def frames_of(model: FramewiseRecognizer, *samples: Sample) -> list[dict[str, Any]]:
    model.eval()
    with torch.no_grad():
        results = model(batch=prepare(model, *samples), mode="predict")
    assert len(results) == len(samples)
    return [frame for result in results for frame in result["frames"]]


def test_every_time_has_a_prediction():
    frames = frames_of(model_of({"f": stream()}), sample("a", 2), sample("b", 3))
    assert [frame["id"] for frame in frames] == ["a@000000", "a@000001", "b@000000", "b@000001", "b@000002"]
    assert [tuple(frame["span"]) for frame in frames[2:]] == [(0, 0.5), (0.5, 1), (1, 1.5)]
    assert frames[4]["label"] == sample("b", 3).label[2].tolist()
    assert frames[0]["streams"]["f"]["score"].shape == (3,)


def test_score_is_head_of_the_time():
    model = model_of({"f": stream()})
    (first, second) = frames_of(model, sample("a", 2))
    vectors = torch.from_numpy(sample("a", 2).clips["f"].data)
    expected = model.heads["f"](vectors).detach().numpy()
    np.testing.assert_allclose([frame["streams"]["f"]["score"] for frame in (first, second)], expected, rtol=1e-5)


def test_padding_changes_no_loss():
    model = model_of({"f": stream(encoder={"type": Pdan, "in_channels": 2, "channels": 4})}, smoothing=0.15).eval()

    def losses(*samples: Sample) -> dict[str, float]:
        found = model(batch=prepare(model, *samples), mode="loss")
        return {name: value.item() for name, value in found.items()}

    short, long = sample("a", 2), sample("b", 6)
    together = losses(short, long)["loss_f"]
    assert together == pytest.approx((2 * losses(short)["loss_f"] + 6 * losses(long)["loss_f"]) / 8, rel=1e-5)


def test_loss_by_hand():
    model = model_of({"f": stream()}, smoothing=0.5).eval()
    batch = prepare(model, sample("a", 3))
    logits = model(batch=batch)["f"]
    losses = model(batch=batch, mode="loss")
    targets = torch.from_numpy(sample("a", 3).label).float()
    expected = F.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(1).mean()
    assert losses["loss_f"].item() == pytest.approx(expected.item(), rel=1e-5)
    jumps = truncated_smoothing_loss(logits.T[None], torch.ones(1, 3, dtype=torch.bool), multi_label=True)
    assert losses["loss_f_smoothing"].item() == pytest.approx(0.5 * jumps.item(), rel=1e-5)


def test_every_stage_has_the_loss():
    refinement = {"type": MsTcnRefinement, "channels": 4, "num_stages": 2, "num_layers": 2}
    model = model_of({"f": stream()}, refinement=refinement).eval()
    batch = prepare(model, sample("a", 3))
    classification = model.classify(model.encode(batch)[0], batch)
    targets = torch.from_numpy(sample("a", 3).label).float().T[None]
    stages = classification.stages["f"]
    assert len(stages) == 3
    expected = sum(
        F.binary_cross_entropy_with_logits(stage, targets, reduction="none").sum(1).mean() for stage in stages
    )
    assert model.losses(classification, batch)["loss_f"].item() == pytest.approx(expected.item(), rel=1e-5)
    torch.testing.assert_close(classification.scores["f"][0], stages[-1][0].T)


def test_cross_entropy_leaves_unlabelled_times_out():
    model = model_of({"f": stream()}, loss="cross_entropy").eval()
    one = sample("a", 3)
    labelled = Sample(one.id, np.array([1, -1, 2]), *list(vars(one).values())[2:])
    batch = prepare(model, labelled)
    logits = model(batch=batch)["f"]
    loss = model(batch=batch, mode="loss")["loss_f"].item()
    assert loss == pytest.approx(F.cross_entropy(logits[[0, 2]], torch.tensor([1, 2])).item(), rel=1e-5)


def test_early_fusion_reads_all_streams():
    streams = {"f": stream(encoder={"type": RawFeatures, "in_channels": 4}, others=("g",)), "g": stream()}
    model = model_of(streams, heads={"g": None})
    both = frames_of(model, sample("a", 2, streams=("f", "g")))
    without = frames_of(model, sample("a", 2, streams=("f", "g"), absent=("g",)))
    assert set(both[0]["streams"]) == {"f"}
    assert not np.allclose(both[0]["streams"]["f"]["score"], without[0]["streams"]["f"]["score"])


def test_late_fusion_is_mean_of_streams():
    model = model_of({"f": stream(), "g": stream()})
    frames = frames_of(model, sample("a", 2, streams=("f", "g")), sample("b", 3, streams=("f", "g"), absent=("g",)))
    alone = frames[3]
    assert set(alone["streams"]) == {"f"}
    probabilities = 1 / (1 + np.exp(-alone["streams"]["f"]["score"]))
    np.testing.assert_allclose(1 / (1 + np.exp(-alone["fused"])), probabilities, rtol=1e-4)


def test_label_of_sample_holds_everywhere():
    labels = torch.tensor([[1, 0], [0, 1]])
    assert frame_labels(labels, 3, multi_label=True).tolist() == [[[1, 0]] * 3, [[0, 1]] * 3]
    assert frame_labels(labels, 2, multi_label=False) is labels
    assert frame_labels(torch.tensor([4]), 2, multi_label=False).tolist() == [[4, 4]]


def test_encoder_that_pools_is_refused():
    encoder = {"type": Tcn, "in_channels": 2, "widths": (4,)}
    with pytest.raises(InputError, match=r"encoder of stream 'f' must give a map of axes BCT .*, got Tcn .*pooled"):
        model_of({"f": stream(encoder=encoder)})


def test_streams_of_other_length_are_refused():
    model = model_of({"f": stream(), "g": stream()})
    one = sample("a", 2, streams=("f",))
    two = sample("a", 3, streams=("g",))
    mixed = Sample("a", one.label, 0, one.span, one.view, {**one.clips, **two.clips}, {"f": True, "g": True})
    with pytest.raises(InputError, match="times of the streams of FramewiseRecognizer must be equally many"):
        model(batch=prepare(model, mixed), mode="loss")


def test_stream_may_not_be_called_features():
    with pytest.raises(InputError, match=r"stream 'features' .* must have another name.*; call it features_NAME"):
        model_of({"features": stream()})


def test_piece_without_features_keeps_gradients_finite():
    """As of skeletons in a piece of a video in which nobody is seen."""
    encoder = {"type": RawFeatures, "in_channels": 2}
    model = model_of({"f": stream(encoder=encoder)}, refinement={"type": AsformerDecoders, "num_layers": 2})
    empty = sample("b", 4)
    clip = empty.clips["f"]
    empty.clips["f"] = FeatureClip(clip.data, clip.times, np.zeros(4, bool))
    losses = model(batch=prepare(model, sample("a", 4), empty), mode="loss")
    sum(losses.values()).backward()
    gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    assert gradients
    assert all(gradient.isfinite().all() for gradient in gradients)

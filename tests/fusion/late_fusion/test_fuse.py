"""Fusion with learned and with fixed weights, by hand; weights belong to streams, never to positions."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.late_fusion import (
    fuse_predictions,
    fuse_with_weights,
    load_fusion,
    parse_weights,
    save_fusion,
    summarize_fusion,
)
from triad.fusion.predictions import FUSED, Predictions, join_predictions
from triad.modalities.checks import InputError

JOINT = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]]
BONE = [[0.1, 0.6, 0.3], [0.3, 0.3, 0.4]]


def make_member(stream: str, probabilities: list[list[float]], **fields: object) -> Predictions:
    defaults = {
        "ids": ["a", "b"],
        "labels": [0, 2],
        "classes": ("drink", "eat", "read"),
        # logits differ from log-probabilities by a constant of the sample
        "scores": {stream: np.log(probabilities) + np.array([[3.0], [-1.0]])},
        "kinds": {stream: "logit"},
    }
    return Predictions(**defaults | fields)  # type: ignore[arg-type]


@pytest.fixture
def members() -> list[Predictions]:
    return [make_member("skeleton", JOINT), make_member("skeleton_bone", BONE)]


@pytest.fixture
def joined(members) -> Predictions:
    return join_predictions(members)


def test_learned_fusion_adds_the_fused_stream(simulated):
    val = simulated(split="val", samples=120)
    test = simulated(split="test_", samples=120)
    fused, fusion = fuse_predictions(test, val, method="weighted")
    summary = summarize_fusion(fused, fusion)
    assert fused.kinds["fused"] == "logprob"
    assert sum(summary["weights"].values()) == pytest.approx(1)
    assert summary["mean_class_accuracy"] > 0.9
    assert (summary["num_test"], summary["num_validation"]) == (120, 120)
    assert fused.streams == test.streams


def test_summary_of_svm_has_c(simulated):
    test = simulated(split="test_", samples=60)
    fused, fusion = fuse_predictions(test, simulated(split="val", samples=60), method="svm")
    summary = summarize_fusion(fused, fusion)
    assert summary["C"] == fusion.parameters_["C"]
    assert "weights" not in summary


def test_mean_weights_probabilities(joined):
    fused, _ = fuse_with_weights(joined, {"skeleton_bone": 1, "skeleton": 3})
    expected = [[0.55, 0.3, 0.15], [0.15, 0.675, 0.175]]
    np.testing.assert_allclose(np.exp(fused.scores[FUSED]), expected, rtol=1e-5)
    assert fused.meta["fusion"] == {"method": "mean", "streams": ["skeleton", "skeleton_bone"], "num_validation": 0}


def test_product_decides_like_raw_scores(members, joined):
    fused, _ = fuse_with_weights(joined, {"skeleton": 2, "skeleton_bone": 1}, method="product")
    raw = 2 * members[0].scores["skeleton"] + members[1].scores["skeleton_bone"]
    differences = fused.scores[FUSED] * 3 - raw  # weights are scaled to 1
    np.testing.assert_allclose(differences, differences[:, :1].repeat(3, axis=1), atol=1e-5)
    assert fused.scores[FUSED].argmax(1).tolist() == raw.argmax(1).tolist()


def test_only_the_ratio_of_weights_matters(joined):
    halves, _ = fuse_with_weights(joined, {"skeleton": 0.5, "skeleton_bone": 0.25})
    twos, _ = fuse_with_weights(joined, {"skeleton": 2, "skeleton_bone": 1})
    np.testing.assert_allclose(halves.scores[FUSED], twos.scores[FUSED])


def test_fixed_weights_need_no_labels(joined):
    unlabelled = join_predictions(
        [make_member("skeleton", JOINT, labels=[-1, -1]), make_member("skeleton_bone", BONE, labels=[-1, -1])]
    )
    fused, fusion = fuse_with_weights(unlabelled, {"skeleton": 0.5, "skeleton_bone": 0.25})
    labelled, _ = fuse_with_weights(joined, {"skeleton": 0.5, "skeleton_bone": 0.25})
    np.testing.assert_array_equal(fused.scores[FUSED], labelled.scores[FUSED])
    summary = summarize_fusion(fused, fusion)
    assert "top1" not in summary
    assert summary["weights"] == pytest.approx({"skeleton": 2 / 3, "skeleton_bone": 1 / 3})


def test_absent_stream_does_not_count(members):
    bone = make_member("skeleton_bone", BONE, present={"skeleton_bone": [True, False]})
    fused, _ = fuse_with_weights(join_predictions([members[0], bone]), {"skeleton": 1, "skeleton_bone": 9})
    np.testing.assert_allclose(np.exp(fused.scores[FUSED][1]), JOINT[1], rtol=1e-5)


def test_fixed_weights_survive_the_file(joined, tmp_path):
    fused, fusion = fuse_with_weights(joined, {"skeleton": 2, "skeleton_bone": 1})
    save_fusion(fusion, tmp_path / "weights.skops")
    reloaded = load_fusion(tmp_path / "weights.skops").predict(joined)
    np.testing.assert_array_equal(reloaded.astype(np.float32), fused.scores[FUSED])


def test_weights_parse_by_position_or_name(members, joined):
    skeleton, bone = members
    assert parse_weights(["2", "1"], [bone.streams, skeleton.streams]) == {"skeleton_bone": 2, "skeleton": 1}
    named = parse_weights(["skeleton=2", "skeleton_bone=0.5"], [joined.streams])
    assert named == {"skeleton": 2, "skeleton_bone": 0.5}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["2"], r"--weights must be one number for each of the 2 files or models, or stream=number, got 2$"),
        (["2", "skeleton=1"], r"--weights must be one number for each of the 2 .*, or stream=number, got 2 skeleton=1"),
        (["2", "two"], r"--weights must be numbers, or stream=number, got 'two'"),
        (["skeleton=2", "skeleton=1"], r"--weights must name each stream once, got skeleton=2 skeleton=1"),
    ],
)
def test_malformed_weights_are_refused(members, words, message):
    with pytest.raises(InputError, match=message):
        parse_weights(words, [member.streams for member in members])


def test_weight_of_several_streams_needs_names(joined):
    with pytest.raises(InputError, match="file or model 1 must have one stream for its weight, got skeleton, skeleton"):
        parse_weights(["1"], [joined.streams])


@pytest.mark.parametrize("values", [(-1.0, 2.0), (0.0, 0.0), (float("nan"), 1.0)])
def test_negative_or_zero_weights_are_refused(joined, values):
    with pytest.raises(InputError, match="weights of the streams must be 0 or more, and one above 0, got"):
        fuse_with_weights(joined, dict(zip(("skeleton", "skeleton_bone"), values, strict=True)))


def test_weights_must_fit_the_predictions(joined):
    with pytest.raises(
        InputError, match=r"fusion weights must name the streams skeleton, skeleton_bone, got skeleton$"
    ):
        fuse_with_weights(joined, {"skeleton": 1})
    with pytest.raises(InputError, match=r"fusion method with fixed weights must be one of mean, product, got 'svm'"):
        fuse_with_weights(joined, {"skeleton": 1, "skeleton_bone": 1}, method="svm")
    margins = make_member("skeleton", JOINT, kinds={"skeleton": "margin"})
    with pytest.raises(InputError, match=r"stream 'skeleton' must hold logits .*, got margins; learn on --fit VAL"):
        fuse_with_weights(margins, {"skeleton": 1})

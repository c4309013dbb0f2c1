"""Ensembles with given weights, by hand: nothing is learned, and weights go with streams, never with positions."""

from __future__ import annotations

import numpy as np
import pytest

from fusion.late_fusion.fuse import fuse_given, fusion_summary, read_weights
from fusion.late_fusion.methods import load_fusion, save_fusion
from fusion.predictions import FUSED, Predictions, join_predictions
from modalities.checks import InputError

JOINT, BONE = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]], [[0.1, 0.6, 0.3], [0.3, 0.3, 0.4]]


def said(stream: str, probabilities: list[list[float]], **changes: object) -> Predictions:
    fields = {
        "ids": ["a", "b"],
        "labels": [0, 2],
        "classes": ("drink", "eat", "read"),
        # logits: any number more, the same for all classes of a sample
        "scores": {stream: np.log(probabilities) + np.array([[3.0], [-1.0]])},
        "kinds": {stream: "logit"},
    }
    return Predictions(**fields | changes)  # type: ignore[arg-type]


def both() -> list[Predictions]:
    return [said("skeleton", JOINT), said("skeleton_bone", BONE)]


def test_mean_weighs_probabilities():
    fused, _ = fuse_given(join_predictions(both()), {"skeleton_bone": 1, "skeleton": 3})
    expected = [[0.55, 0.3, 0.15], [0.15, 0.675, 0.175]]
    np.testing.assert_allclose(np.exp(fused.scores[FUSED]), expected, rtol=1e-5)
    assert fused.meta["fusion"] == {"method": "mean", "streams": ["skeleton", "skeleton_bone"], "num_validation": 0}


def test_product_decides_as_the_sum_of_raw_scores():
    parts = [said("skeleton", JOINT), said("skeleton_bone", BONE)]
    fused, _ = fuse_given(join_predictions(parts), {"skeleton": 2, "skeleton_bone": 1}, method="product")
    raw = 2 * parts[0].scores["skeleton"] + parts[1].scores["skeleton_bone"]
    differences = fused.scores[FUSED] * 3 - raw  # weights are scaled to 1
    np.testing.assert_allclose(differences, differences[:, :1].repeat(3, axis=1), atol=1e-5)
    assert fused.scores[FUSED].argmax(1).tolist() == raw.argmax(1).tolist()


def test_only_the_ratio_matters_and_labels_do_not():
    unlabelled = [said("skeleton", JOINT, labels=[-1, -1]), said("skeleton_bone", BONE, labels=[-1, -1])]
    one, fusion = fuse_given(join_predictions(unlabelled), {"skeleton": 0.5, "skeleton_bone": 0.25})
    two, _ = fuse_given(join_predictions(both()), {"skeleton": 2, "skeleton_bone": 1})
    np.testing.assert_allclose(one.scores[FUSED], two.scores[FUSED])
    assert "top1" not in fusion_summary(one, fusion)
    assert fusion_summary(one, fusion)["weights"] == pytest.approx({"skeleton": 2 / 3, "skeleton_bone": 1 / 3})


def test_a_stream_that_a_sample_lacks_has_no_say():
    parts = [said("skeleton", JOINT), said("skeleton_bone", BONE, present={"skeleton_bone": [True, False]})]
    fused, _ = fuse_given(join_predictions(parts), {"skeleton": 1, "skeleton_bone": 9})
    np.testing.assert_allclose(np.exp(fused.scores[FUSED][1]), JOINT[1], rtol=1e-5)


def test_it_is_kept_and_read_again(tmp_path):
    joined = join_predictions(both())
    fused, fusion = fuse_given(joined, {"skeleton": 2, "skeleton_bone": 1})
    save_fusion(fusion, tmp_path / "given.skops")
    np.testing.assert_array_equal(
        load_fusion(tmp_path / "given.skops").predict(joined).astype(np.float32), fused.scores[FUSED]
    )


def test_weights_go_with_the_files_in_their_order_or_with_names():
    first, second = both()
    assert read_weights(["2", "1"], [second.streams, first.streams]) == {"skeleton_bone": 2, "skeleton": 1}
    named = read_weights(["skeleton=2", "skeleton_bone=0.5"], [join_predictions(both()).streams])
    assert named == {"skeleton": 2, "skeleton_bone": 0.5}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["2"], r"--weights must be one number for each of the 2 given, or stream=number, got 2$"),
        (["2", "skeleton=1"], r"--weights must be one number for each of the 2 given, or stream=number, got 2 skele"),
        (["2", "two"], r"--weights must be numbers, or stream=number, got 'two'"),
        (["skeleton=2", "skeleton=1"], r"--weights must name each stream once, got skeleton=2 skeleton=1"),
    ],
)
def test_words_that_are_no_weights(words, message):
    with pytest.raises(InputError, match=message):
        read_weights(words, [part.streams for part in both()])


def test_what_does_not_fit():
    joined = join_predictions(both())
    with pytest.raises(InputError, match="part 1 that is weighed by position must have one stream, got "):
        read_weights(["1"], [joined.streams])
    with pytest.raises(InputError, match=r"given weights must be of the streams skeleton, skeleton_bone, got ske.*n$"):
        fuse_given(joined, {"skeleton": 1})
    for values in ((-1.0, 2.0), (0.0, 0.0), (float("nan"), 1.0)):
        with pytest.raises(InputError, match="weights of the streams must be 0 or more, and one above 0, got"):
            fuse_given(joined, dict(zip(("skeleton", "skeleton_bone"), values, strict=True)))
    with pytest.raises(InputError, match=r"fusion method of given weights must be one of mean, product, got 'svm'"):
        fuse_given(joined, {"skeleton": 1, "skeleton_bone": 1}, method="svm")
    margins = said("skeleton", JOINT, kinds={"skeleton": "margin"})
    with pytest.raises(InputError, match=r"stream 'skeleton' must hold logits .*, got margins; learn on --fit VAL"):
        fuse_given(margins, {"skeleton": 1})
    with pytest.raises(InputError, match=r"got 'skeleton' from two; rename one in its config, .* source=\"skelet"):
        join_predictions([both()[0], both()[0]])

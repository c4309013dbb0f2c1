from dataclasses import replace

import numpy as np
import pytest
from hand_made_predictions import make_candidate

from triad.fusion.evaluation import build_late_candidates, select_by_subset, select_candidate, stream_subsets
from triad.fusion.evaluation.fusion_candidates import out_of_fold_scores
from triad.fusion.late_fusion import LATE_METHODS, build_late_fusion, fit_temperature
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError


def test_subsets_come_smallest_first():
    assert stream_subsets(("rgb", "flow", "skeleton")) == [
        ("rgb",), ("flow",), ("skeleton",),
        ("rgb", "flow"), ("rgb", "skeleton"), ("flow", "skeleton"),
        ("rgb", "flow", "skeleton"),
    ]  # fmt: skip


def test_validation_is_scored_out_of_fold(monkeypatch, simulated):
    """A fusion that memorises the validation samples is at chance out of fold."""

    class Memorising:
        method, kind, reads_features = "memorising", "margin", False

        def fit(self, val: Predictions, streams):
            self.label_by_id = dict(zip(val.ids.tolist(), val.labels.tolist(), strict=True))
            return self

        def predict(self, test: Predictions):
            return np.eye(6)[[self.label_by_id.get(name, 0) for name in test.ids.tolist()]]

    monkeypatch.setitem(LATE_METHODS, "memorising", Memorising)
    val = simulated(split="val", samples=60)
    assert (Memorising().fit(val, ()).predict(val).argmax(axis=1) == val.labels).all()
    assert (out_of_fold_scores("memorising", val, ("rgb",)).argmax(axis=1) == 0).all()


def test_single_stream_keeps_its_scores(simulated):
    val = simulated(split="val", samples=60, blind={"rgb": []})
    test = simulated(split="test_", samples=60, blind={"rgb": []})
    (candidate,) = build_late_candidates(test, val)
    assert (candidate.name, candidate.fusion, candidate.mode) == ("rgb", "single", "late")
    np.testing.assert_array_equal(candidate.scores, test.scores["rgb"])
    assert candidate.validation == pytest.approx((val.scores["rgb"].argmax(axis=1) == val.labels).mean())


def test_features_method_needs_features(simulated):
    streams = {"rgb": [], "flow": []}
    val = simulated(split="val", samples=60, blind=streams)
    test = replace(simulated(split="test_", samples=60, blind=streams), features={})
    fusions = [c.fusion for c in build_late_candidates(test, val, methods=("mean", "svm_features"))]
    assert fusions == ["single", "single", "mean"]
    with pytest.raises(InputError, match=r"fusion methods must fit the predictions, got \['svm_features'\]; dump feat"):
        build_late_candidates(test, val, methods=("svm_features",))


def test_equal_validation_selects_the_simplest():
    svm = make_candidate(("rgb",), [0, 1], fusion="svm", validation=0.9)
    mean = make_candidate(("rgb",), [0, 1], fusion="mean", validation=0.9)
    better = make_candidate(("rgb",), [0, 1], fusion="svm", validation=0.91)
    assert select_candidate([svm, mean]) is mean
    assert select_candidate([mean, better]) is better


def test_selection_is_made_per_subset():
    rgb = make_candidate(("rgb",), [0, 1])
    mean = make_candidate(("rgb", "flow"), [0, 1], fusion="mean", validation=0.6)
    svm = make_candidate(("rgb", "flow"), [0, 1], fusion="svm", validation=0.7)
    assert select_by_subset([mean, rgb, svm]) == {("rgb", "flow"): svm, ("rgb",): rgb}


def test_unknown_mode_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'masked'"):
        make_candidate(("rgb",), [0, 1], mode="mask")


def test_sets_that_differ_are_refused(simulated):
    val = simulated(split="val", samples=60)
    test = simulated(split="test_", samples=60)
    with pytest.raises(InputError, match="share no sample with the test predictions"):
        build_late_candidates(test, test)
    only_rgb = replace(val, scores={"rgb": val.scores["rgb"]}, kinds={"rgb": "logit"}, present={}, features={})
    with pytest.raises(InputError, match=r"got none of \['flow_dis', 'skeleton'\]"):
        build_late_candidates(test, only_rgb)
    with pytest.raises(InputError, match="dataset of the validation predictions must be the test's, 'toy', got 'tsu'"):
        build_late_candidates(test, replace(val, meta={"dataset": "tsu"}))
    multi_label = replace(val, labels=np.eye(6, dtype=int)[val.labels])
    with pytest.raises(InputError, match="carry one label a sample"):
        build_late_candidates(test, multi_label)


def test_temperature_is_that_of_validation(simulated):
    val = simulated(split="val", samples=60, blind={"rgb": []})
    test = simulated(split="test_", samples=60, blind={"rgb": []})
    (candidate,) = build_late_candidates(test, val)
    assert candidate.temperature == fit_temperature(val.scores["rgb"], val.labels)


def test_candidates_not_chosen_keep_their_figures(simulated):
    streams = {"rgb": [], "flow": []}
    val = simulated(split="val", samples=60, blind=streams)
    test = simulated(split="test_", samples=60, blind=streams)
    candidates = build_late_candidates(test, val, methods=("mean", "product", "max"))
    chosen = select_by_subset(candidates).values()
    for candidate in candidates:
        assert len(candidate.scores) == (60 if candidate in chosen else 0)
    mean = next(candidate for candidate in candidates if candidate.fusion == "mean")
    scores = build_late_fusion("mean").fit(val, ("rgb", "flow")).predict(test)
    np.testing.assert_array_equal(mean.predicted, scores.argmax(axis=1))
    expected = replace(mean, scores=scores, figures=None).measure(test.labels)
    assert mean.measure(test.labels)[1:] == expected[1:]

import numpy as np
import pytest

from triad.fusion.predictions import average_clips
from triad.modalities.checks import InputError

ROWS = {"labels": np.array([1, 0, 1]), "classes": ("sit", "rise"), "ids": np.array(["b", "a", "b"])}


def test_logits_are_averaged_directly():
    averaged = average_clips(**ROWS, scores={"rgb": np.array([[0, 2], [5, 5], [4, 0.0]])}, kinds={"rgb": "logit"})
    assert averaged.ids.tolist() == ["a", "b"]
    assert averaged.labels.tolist() == [0, 1]
    assert averaged.scores["rgb"].tolist() == [[5, 5], [2, 1]]


def test_log_probabilities_average_as_probabilities():
    scores = np.log([[0.2, 0.8], [0.5, 0.5], [0.6, 0.4]])
    averaged = average_clips(**ROWS, scores={"rgb": scores}, kinds={"rgb": "logprob"})
    np.testing.assert_allclose(np.exp(averaged.scores["rgb"]), [[0.5, 0.5], [0.4, 0.6]], rtol=1e-6)


def test_sampler_padding_counts_once():
    padded = {name: np.concatenate([ROWS[name], ROWS[name][:1]]) for name in ("ids", "labels")}
    averaged = average_clips(
        **padded,
        classes=("sit", "rise"),
        clip_numbers=np.array([0, 0, 1, 0]),
        scores={"rgb": np.array([[0, 2], [5, 5], [4, 0], [0, 2.0]])},
        kinds={"rgb": "logit"},
    )
    assert averaged.scores["rgb"].tolist() == [[5, 5], [2, 1]]


def test_absent_clips_do_not_count():
    averaged = average_clips(
        **ROWS,
        scores={"rgb": np.array([[0, 2], [9, 9], [4, 0.0]])},
        kinds={"rgb": "logit"},
        present={"rgb": np.array([True, False, False])},
        spans=np.array([[0, 1], [0, 2], [0.5, 3]]),
    )
    assert averaged.present["rgb"].tolist() == [False, True]
    assert averaged.scores["rgb"].tolist() == [[0, 0], [0, 2]]
    assert averaged.spans.tolist() == [[0, 2], [0, 3]]


def test_clips_with_two_labels_are_refused():
    rows = ROWS | {"labels": np.array([1, 0, 0])}
    with pytest.raises(InputError, match="clips of one sample must have one label, got two for 'b'"):
        average_clips(**rows, scores={"rgb": np.zeros((3, 2))}, kinds={"rgb": "logit"})


TWO_VIEWS = {"labels": np.array([1, 1]), "classes": ("sit", "rise"), "ids": np.array(["b", "b"])}
LOGITS = np.add(np.log([[0.2, 0.8], [0.6, 0.4]]), [[5.0], [-1.0]])


@pytest.mark.parametrize("kind", ["logit", "logprob"])
def test_probabilities_are_averaged_on_demand(kind):
    averaged = average_clips(**TWO_VIEWS, scores={"rgb": LOGITS}, kinds={"rgb": kind}, average="prob")
    np.testing.assert_allclose(np.exp(averaged.scores["rgb"]), [[0.4, 0.6]], rtol=1e-6)
    assert averaged.kinds == {"rgb": "logprob"}


def test_scores_are_averaged_on_demand():
    scores = {"rgb": np.array([[1.0, 3.0], [3.0, 9.0]]), "fused": np.log([[0.2, 0.8], [0.5, 0.5]])}
    kinds = {"rgb": "logit", "fused": "logprob"}
    averaged = average_clips(**TWO_VIEWS, scores=scores, kinds=kinds, average="score")
    assert averaged.scores["rgb"].tolist() == [[2, 6]]
    assert averaged.kinds == kinds
    # geometric means √0.1 : √0.4 = 1 : 2
    np.testing.assert_allclose(np.exp(averaged.scores["fused"]), [[1 / 3, 2 / 3]], rtol=1e-6)


def test_margins_stay_margins():
    margins = np.array([[-1.0, 1.0], [-3.0, 2.0]])
    averaged = average_clips(**TWO_VIEWS, scores={"svm": margins}, kinds={"svm": "margin"}, average="prob")
    assert averaged.scores["svm"].tolist() == [[-2, 1.5]]
    assert averaged.kinds == {"svm": "margin"}


def test_unknown_average_is_refused():
    with pytest.raises(
        InputError, match=r"average_clips must be one of prob, score, got 'probs' \(did you mean 'prob'"
    ):
        average_clips(**TWO_VIEWS, scores={"rgb": LOGITS}, kinds={"rgb": "logit"}, average="probs")

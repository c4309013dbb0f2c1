import numpy as np
import pytest

from fusion.predictions.views import from_views
from modalities.checks import InputError

ROWS = {"labels": np.array([1, 0, 1]), "classes": ("sit", "rise"), "ids": np.array(["b", "a", "b"])}


def test_logits_are_averaged_as_they_are():
    result = from_views(**ROWS, scores={"rgb": np.array([[0, 2], [5, 5], [4, 0.0]])}, kinds={"rgb": "logit"})
    assert result.ids.tolist() == ["a", "b"]
    assert result.labels.tolist() == [0, 1]
    assert result.scores["rgb"].tolist() == [[5, 5], [2, 1]]


def test_log_probabilities_are_averaged_as_probabilities():
    scores = np.log([[0.2, 0.8], [0.5, 0.5], [0.6, 0.4]])
    result = from_views(**ROWS, scores={"rgb": scores}, kinds={"rgb": "logprob"})
    np.testing.assert_allclose(np.exp(result.scores["rgb"]), [[0.5, 0.5], [0.4, 0.6]], rtol=1e-6)


def test_padding_of_a_distributed_sampler_counts_once():
    rows = {name: np.concatenate([ROWS[name], ROWS[name][:1]]) for name in ("ids", "labels")}
    scores = np.array([[0, 2], [5, 5], [4, 0], [0, 2.0]])
    result = from_views(
        **rows, classes=("sit", "rise"), views=np.array([0, 0, 1, 0]), scores={"rgb": scores}, kinds={"rgb": "logit"}
    )
    assert result.scores["rgb"].tolist() == [[5, 5], [2, 1]]


def test_only_views_that_have_the_stream_count():
    result = from_views(
        **ROWS,
        scores={"rgb": np.array([[0, 2], [9, 9], [4, 0.0]])},
        kinds={"rgb": "logit"},
        present={"rgb": np.array([True, False, False])},
        spans=np.array([[0, 1], [0, 2], [0.5, 3]]),
    )
    assert result.present["rgb"].tolist() == [False, True]
    assert result.scores["rgb"].tolist() == [[0, 0], [0, 2]]
    assert result.spans.tolist() == [[0, 2], [0, 3]]


def test_views_with_two_labels_are_refused():
    rows = ROWS | {"labels": np.array([1, 0, 0])}
    with pytest.raises(InputError, match="views of one sample must carry one label, got two for 'b'"):
        from_views(**rows, scores={"rgb": np.zeros((3, 2))}, kinds={"rgb": "logit"})

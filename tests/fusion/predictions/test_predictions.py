import numpy as np
import pytest
from hand_made_predictions import make_predictions

from triad.fusion.predictions import Predictions
from triad.modalities.atomic_files import write_arrays
from triad.modalities.checks import InputError


def test_file_keeps_every_field(tmp_path):
    saved = make_predictions(
        present={"rgb": [True, False, True]},
        features={"rgb": np.eye(3)},
        spans=np.array([[0, 1.5], [2, 3], [0, 4]]),
        groups={"subject": ["s1", "s1", "s2"]},
        meta={"dataset": "töy", "seed": 3},
    )
    saved.save(tmp_path / "p.npz")
    loaded = Predictions.load(tmp_path / "p.npz")
    assert loaded.ids.tolist() == ["a", "b", "c"]
    assert loaded.classes == saved.classes
    assert loaded.kinds == {"rgb": "logit"}
    assert loaded.present["rgb"].tolist() == [True, False, True]
    assert loaded.groups["subject"].tolist() == ["s1", "s1", "s2"]
    assert loaded.meta == {"dataset": "töy", "seed": 3}
    np.testing.assert_array_equal(loaded.scores["rgb"], saved.scores["rgb"])
    np.testing.assert_array_equal(loaded.features["rgb"], np.eye(3))
    np.testing.assert_array_equal(loaded.spans, saved.spans)


def test_file_has_documented_array_names(tmp_path):
    make_predictions().save(tmp_path / "p.npz")
    with np.load(tmp_path / "p.npz", allow_pickle=False) as archive:
        assert set(archive.files) == {"ids", "labels", "classes", "meta", "scores/rgb", "kind/rgb", "present/rgb"}
        assert archive["scores/rgb"].dtype == np.float32


def test_equal_predictions_save_equal_bytes(tmp_path):
    for name in ("a.npz", "b.npz"):
        make_predictions(meta={"seed": 1, "dataset": "toy"}).save(tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_pickle_is_refused_and_not_run(tmp_path):
    marker = tmp_path / "marker"

    class Evil:
        def __reduce__(self):
            return marker.touch, ()

    np.savez(tmp_path / "p.npz", ids=np.array([Evil()], dtype=object))
    with pytest.raises(InputError, match=r"p\.npz' must be a readable \.npz.*pickle"):
        Predictions.load(tmp_path / "p.npz")
    assert not marker.exists()


def test_other_npz_is_refused(tmp_path):
    write_arrays(tmp_path / "flow.npz", keypoints=np.zeros(3))
    with pytest.raises(InputError, match=r"flow\.npz' must be a predictions file, got a file without ids, labels"):
        Predictions.load(tmp_path / "flow.npz")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ids": np.array(["a", "b", "b"])}, "ids must be unique, got 'b' twice"),
        ({"labels": np.array([0, 1, 2])}, "labels must lie between -1 and 1, got 0 … 2"),
        ({"labels": np.array([0, 1, -2])}, "labels must lie between -1 and 1, got -2 … 1"),
        ({"scores": {"rgb": np.zeros((3, 4))}}, r"scores\['rgb'\] must have shape \[N=3, K=2\], got \[3, 4\]"),
        ({"kinds": {"rgb": "logits"}}, "did you mean 'logit'"),
        ({"kinds": {"flow": "logit"}}, r"kinds must name the streams of the scores, rgb, got flow"),
        ({"scores": {"rgb": np.full((3, 2), np.nan)}}, "NaN or infinity in sample 'a'"),
        ({"features": {"flow": np.zeros((3, 1))}}, r"features must name streams of the scores.*got flow"),
        ({"groups": {"subject": ["s1"]}}, r"groups\['subject'\] must have shape \[N=3\], got \[1\]"),
        ({"spans": np.zeros((3, 1))}, r"spans must have shape \[N=3, 2\], got \[3, 1\]"),
    ],
)
def test_invalid_fields_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        make_predictions(**changes)


def test_nan_is_allowed_where_absent():
    scores = np.zeros((3, 2))
    scores[1] = np.nan
    assert len(make_predictions(scores={"rgb": scores}, present={"rgb": [True, False, True]})) == 3


def test_select_indexes_every_array():
    predictions = make_predictions(spans=np.arange(6).reshape(3, 2), groups={"subject": ["x", "y", "z"]})
    selected = predictions.select(np.array([2, 0]))
    assert selected.ids.tolist() == ["c", "a"]
    assert selected.spans.tolist() == [[4, 5], [0, 1]]
    assert selected.groups["subject"].tolist() == ["z", "x"]


def test_any_present_joins_the_masks():
    rgb = make_predictions(present={"rgb": [True, False, False]})
    both = rgb.with_stream("flow", np.zeros((3, 2)), kind="logit", present=np.array([False, False, True]))
    assert both.any_present(["rgb", "flow"]).tolist() == [True, False, True]
    assert both.any_present(["flow"]).tolist() == [False, False, True]


def test_check_labelled_names_the_problem():
    with pytest.raises(InputError, match="test predictions must be labelled, got sample 'b' without a label"):
        make_predictions(labels=[0, -1, 1]).check_labelled("test predictions")
    with pytest.raises(InputError, match=r"must carry one label a sample, got multi-label predictions \[3, 2\]"):
        make_predictions(labels=np.eye(3)[:, :2]).check_labelled("test predictions")
    with pytest.raises(InputError, match="must hold at least one sample, got none"):
        make_predictions().select(np.zeros(3, bool)).check_labelled("test predictions")


def test_streams_are_selected_by_name():
    both = make_predictions(
        scores={"rgb": np.eye(3, 2), "flow": np.eye(3, 2)}, kinds={"rgb": "logit", "flow": "margin"}
    )
    flow = both.select_streams(["flow"])
    assert (set(flow.scores), flow.kinds, set(flow.present)) == ({"flow"}, {"flow": "margin"}, {"flow"})
    with pytest.raises(
        InputError, match=r"stream to select must be one of flow, rgb, got 'flwo' \(did you mean 'flow'"
    ):
        both.select_streams(["flwo"])


@pytest.mark.parametrize("labels", [np.array([1, -1, 0]), np.array([[1, 0, 0], [-1, -1, -1], [0, 0, 1]])])
def test_labelled_samples_may_be_none(labels):
    predictions = make_predictions(labels=labels, classes=("sit", "rise", "eat"), scores={"rgb": np.eye(3)})
    assert predictions.labelled.tolist() == [True, False, True]
    assert predictions.select(np.zeros(3, dtype=bool)).labelled.tolist() == []

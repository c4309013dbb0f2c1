from dataclasses import replace

import numpy as np
import pytest

from fusion.predictions.joining import check_disjoint, join
from fusion.predictions.predictions import Predictions
from modalities.atomic_files import write_arrays
from modalities.checks import InputError


def tiny(stream: str = "rgb", ids: tuple[str, ...] = ("a", "b", "c"), **changes: object) -> Predictions:
    scores = np.arange(2 * len(ids), dtype=np.float32).reshape(-1, 2)
    fields = {
        "ids": np.array(ids),
        "labels": np.arange(len(ids)) % 2,
        "classes": ("sit", "rise"),
        "scores": {stream: scores},
        "kinds": {stream: "logit"},
    }
    return Predictions(**fields | changes)  # type: ignore[arg-type]


def test_everything_survives_the_file(tmp_path):
    before = tiny(
        present={"rgb": [True, False, True]},
        features={"rgb": np.eye(3)},
        spans=np.array([[0, 1.5], [2, 3], [0, 4]]),
        groups={"subject": ["s1", "s1", "s2"]},
        meta={"dataset": "töy", "seed": 3},
    )
    before.save(tmp_path / "p.npz")
    after = Predictions.load(tmp_path / "p.npz")
    assert after.ids.tolist() == ["a", "b", "c"]
    assert after.classes == before.classes
    assert after.kinds == {"rgb": "logit"}
    assert after.present["rgb"].tolist() == [True, False, True]
    assert after.groups["subject"].tolist() == ["s1", "s1", "s2"]
    assert after.meta == {"dataset": "töy", "seed": 3}
    np.testing.assert_array_equal(after.scores["rgb"], before.scores["rgb"])
    np.testing.assert_array_equal(after.features["rgb"], np.eye(3))
    np.testing.assert_array_equal(after.spans, before.spans)


def test_the_file_holds_the_names_of_the_design(tmp_path):
    tiny().save(tmp_path / "p.npz")
    with np.load(tmp_path / "p.npz", allow_pickle=False) as archive:
        assert set(archive.files) == {"ids", "labels", "classes", "meta", "scores/rgb", "kind/rgb", "present/rgb"}
        assert archive["scores/rgb"].dtype == np.float32


def test_a_pickle_is_refused_and_never_run(tmp_path):
    ran = tmp_path / "ran"

    class Evil:
        def __reduce__(self):
            return ran.touch, ()

    np.savez(tmp_path / "p.npz", ids=np.array([Evil()], dtype=object))
    with pytest.raises(InputError, match=r"p\.npz' must be a readable \.npz.*pickle"):
        Predictions.load(tmp_path / "p.npz")
    assert not ran.exists()


def test_a_file_of_something_else_is_named(tmp_path):
    write_arrays(tmp_path / "flow.npz", keypoints=np.zeros(3))
    with pytest.raises(InputError, match=r"flow\.npz' must be a predictions file, got a file without ids, labels"):
        Predictions.load(tmp_path / "flow.npz")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ids": np.array(["a", "b", "b"])}, "ids must be unique, got 'b' twice"),
        ({"labels": np.array([0, 1, 2])}, "labels must lie between -1 and 1"),
        ({"scores": {"rgb": np.zeros((3, 4))}}, r"scores\['rgb'\] must have shape \[N=3, K=2\], got \[3, 4\]"),
        ({"kinds": {"rgb": "logits"}}, "did you mean 'logit'"),
        ({"kinds": {"flow": "logit"}}, r"kinds must name the streams of the scores, \['rgb'\]"),
        ({"scores": {"rgb": np.full((3, 2), np.nan)}}, "NaN or infinity in sample 'a'"),
        ({"features": {"flow": np.zeros((3, 1))}}, r"features must name streams of the scores.*got \['flow'\]"),
    ],
)
def test_what_does_not_fit_is_refused(changes, message):
    with pytest.raises(InputError, match=message):
        tiny(**changes)


def test_nan_is_allowed_where_the_stream_is_absent():
    scores = np.zeros((3, 2))
    scores[1] = np.nan
    assert len(tiny(scores={"rgb": scores}, present={"rgb": [True, False, True]})) == 3


def test_join_follows_ids_not_positions():
    rgb, flow = tiny("rgb"), tiny("flow_dis", meta={"seed": 1})
    shuffled = flow.rows(np.array([2, 0, 1]))
    joined = join([shuffled, rgb])
    assert joined.ids.tolist() == ["a", "b", "c"]
    assert joined.streams == ("rgb", "flow_dis")
    np.testing.assert_array_equal(joined.scores["flow_dis"], flow.scores["flow_dis"])
    assert joined.meta["streams"]["flow_dis"] == {"seed": 1}


def test_different_sets_are_refused_with_the_first_ids_that_differ():
    with pytest.raises(InputError, match=r"file 2 must hold the samples of file 1, got 1 missing: 'c' and 1 more: 'x'"):
        join([tiny("rgb"), tiny("flow", ids=("a", "b", "x"))])


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (lambda: tiny("flow", labels=np.array([0, 1, 1])), "labels of predictions file 2.*others for 'c'"),
        (lambda: tiny("flow", classes=("rise", "sit")), "classes of predictions file 2"),
        (
            lambda: tiny("flow", meta={"protocol": "cross_view"}),
            "protocol of predictions file 2 must be that of file 1",
        ),
        (lambda: tiny("rgb"), "must come from one file each, got 'rgb' from two"),
    ],
)
def test_sets_that_disagree_are_refused(other, message):
    with pytest.raises(InputError, match=message):
        join([tiny("rgb", meta={"protocol": "cross_subject"}), other()])


def test_fused_scores_do_not_survive_a_join_of_several():
    rgb = tiny("rgb")
    fused = rgb.with_stream("fused", rgb.scores["rgb"], kind="logit", present=rgb.present["rgb"])
    assert "fused" in join([fused]).scores
    assert "fused" not in join([fused, tiny("flow")]).scores


def test_cost_is_kept_by_stream():
    flat = tiny("rgb", meta={"cost": {"parameters": 5}})
    keyed = tiny("flow", meta={"cost": {"flow": {"parameters": 7}}})
    assert join([flat, keyed]).meta["cost"] == {"rgb": {"parameters": 5}, "flow": {"parameters": 7}}


def test_validation_that_holds_test_samples_is_refused():
    with pytest.raises(InputError, match="share no sample with the test predictions, got 1 shared: 'c'"):
        check_disjoint(tiny(ids=("c", "d")), tiny())


def test_rows_take_every_array_along():
    some = replace(tiny(), spans=np.arange(6).reshape(3, 2), groups={"subject": ["x", "y", "z"]}).rows(np.array([2, 0]))
    assert some.ids.tolist() == ["c", "a"]
    assert some.spans.tolist() == [[4, 5], [0, 1]]
    assert some.groups["subject"].tolist() == ["z", "x"]

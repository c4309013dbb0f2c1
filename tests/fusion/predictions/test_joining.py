import numpy as np
import pytest
from hand_made_predictions import make_predictions

from triad.fusion.predictions import check_disjoint, common_metadata, join_predictions
from triad.modalities.checks import InputError


def test_join_matches_rows_by_id():
    rgb = make_predictions("rgb")
    flow = make_predictions("flow_dis", meta={"seed": 1})
    shuffled = flow.select(np.array([2, 0, 1]))
    joined = join_predictions([shuffled, rgb])
    assert joined.ids.tolist() == ["a", "b", "c"]
    assert joined.streams == ("rgb", "flow_dis")
    np.testing.assert_array_equal(joined.scores["flow_dis"], flow.scores["flow_dis"])
    assert joined.meta["streams"]["flow_dis"] == {"seed": 1}


def test_different_ids_are_refused():
    members = [make_predictions("rgb"), make_predictions("flow", ids=("a", "b", "x"))]
    with pytest.raises(InputError, match=r"file 2 must hold the samples of file 1, got 1 missing: 'c' and 1 more: 'x'"):
        join_predictions(members)


@pytest.mark.parametrize(
    ("stream", "fields", "message"),
    [
        ("flow", {"labels": [0, 1, 1]}, "labels of predictions file 2.*others for 'c'"),
        ("flow", {"labels": np.eye(3)[:, :2]}, "labels of predictions file 2.*others for 'a', 'b', 'c'"),
        ("flow", {"classes": ("rise", "lie")}, r"classes of predictions file 2 must include .*, got rise, lie"),
        ("flow", {"meta": {"protocol": "cross_view"}}, "protocol of predictions file 2 must be that of file 1"),
        ("rgb", {}, r"must come from one file each, got 'rgb' from two; rename one in its config, .* source=\"rgb\""),
    ],
)
def test_members_that_disagree_are_refused(stream, fields, message):
    members = [make_predictions("rgb", meta={"protocol": "cross_subject"}), make_predictions(stream, **fields)]
    with pytest.raises(InputError, match=message):
        join_predictions(members)


def test_join_of_several_drops_fused():
    rgb = make_predictions("rgb")
    fused = rgb.with_stream("fused", rgb.scores["rgb"], kind="logit", present=rgb.present["rgb"])
    assert "fused" in join_predictions([fused]).scores
    assert "fused" not in join_predictions([fused, make_predictions("flow")]).scores


def test_cost_is_kept_by_stream():
    rgb = make_predictions("rgb", meta={"cost": {"parameters": 5}})
    flow = make_predictions("flow", meta={"cost": {"flow": {"parameters": 7}}})
    assert join_predictions([rgb, flow]).meta["cost"] == {"rgb": {"parameters": 5}, "flow": {"parameters": 7}}


def test_shared_validation_samples_are_refused():
    with pytest.raises(InputError, match="share no sample with the test predictions, got 1 shared: 'c'"):
        check_disjoint(make_predictions(ids=("c", "d")), make_predictions())


def test_common_metadata_keeps_equal_values():
    metas = [{"dataset": "toy", "seed": 0}, {"dataset": "toy", "seed": 1, "split": "test"}]
    assert common_metadata(metas) == {"dataset": "toy", "split": "test"}

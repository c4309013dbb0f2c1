import json
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hand_made_predictions import make_candidate, make_predictions

from triad.fusion.evaluation import build_ablation_document, build_late_candidates, stream_subsets
from triad.fusion.predictions import join_predictions
from triad.modalities.checks import InputError


@dataclass(frozen=True)
class Pair:
    name: str
    classes: tuple[str, str]
    sees: dict[str, str] = field(default_factory=dict)


PAIRS = (
    Pair("surface", ("cup", "can"), {"rgb": "sees", "flow": "blind", "skeleton": "blind"}),
    Pair("reversal", ("sit", "rise"), {"rgb": "sees", "flow": "sees", "skeleton": "weak"}),
)


@pytest.fixture(scope="module")
def document(simulated):
    val = simulated(split="val", samples=120)
    test = simulated(split="test_", samples=360)
    candidates = build_late_candidates(test, val, methods=("mean", "weighted", "svm"))
    return build_ablation_document(test, candidates, pairs=PAIRS, resamples=500)


def test_every_subset_has_one_selected_row(document):
    selected = [tuple(row["streams"]) for row in document["rows"] if row["selected"]]
    assert selected == stream_subsets(("rgb", "flow_dis", "skeleton"))
    assert len(document["rows"]) == 3 + 4 * 3
    for streams in selected:
        rows = [row for row in document["rows"] if tuple(row["streams"]) == streams]
        (selected_row,) = (row for row in rows if row["selected"])
        assert selected_row["validation"] == max(row["validation"] for row in rows)


def test_document_has_the_designed_fields(document):
    assert {"dataset", "protocol", "split", "num_test", "rows", "paired", "cost"} <= set(document)
    for row in document["rows"]:
        low, high = row["ci95"]
        assert 0 <= low <= row["mean_class_accuracy"] <= high <= 1
        assert row["mode"] == "late"
        assert row["seeds"] == [0]
        assert row["top1"] <= row["top5"]
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["interval"]["over"] == "subject"


def test_fusion_beats_every_single_stream(document):
    against_one = [pair for pair in document["paired"] if pair["kind"] == "all against one"]
    assert [pair["b"] for pair in against_one] == ["rgb", "flow_dis", "skeleton"]
    assert all(pair["ci95"][0] > 0 for pair in against_one)
    adding_one = {pair["added"][0]: pair["b"] for pair in document["paired"] if pair["kind"] == "adding one"}
    assert adding_one == {"rgb": "flow_dis+skeleton", "flow_dis": "rgb+skeleton", "skeleton": "rgb+flow_dis"}


def test_pair_cells_compare_with_expectation(document):
    cells = {(cell["pair"], cell["stream"]): cell for cell in document["pairs"]}
    assert len(cells) == 2 * 4
    assert cells["surface", "rgb"]["ok"] is True
    assert cells["surface", "flow_dis"]["expected"] == "blind"
    assert cells["surface", "flow_dis"]["ok"] is True
    assert cells["reversal", "rgb"]["ok"] is False  # the simulated RGB is blind here, against the expectation
    assert cells["reversal", "skeleton"]["ok"] is None
    assert cells["surface", "fused"]["expected"] is None


def test_row_order_does_not_matter(simulated):
    val = simulated(split="val", samples=60)
    test = simulated(split="test_", samples=60)
    shuffle = np.random.default_rng(0).permutation(60)

    def build(test, val):
        test = join_predictions([test])
        candidates = build_late_candidates(test, join_predictions([val]), methods=("mean", "svm"))
        return build_ablation_document(test, candidates, resamples=50)

    assert json.dumps(build(test, val)) == json.dumps(build(test.select(shuffle), val.select(shuffle)))


def test_masked_candidates_make_a_document():
    test = make_predictions(
        ids=("a", "b", "c", "d"),
        scores={"rgb": np.zeros((4, 2)), "skeleton": np.zeros((4, 2))},
        kinds={"rgb": "logit", "skeleton": "logit"},
    )
    masked = [
        make_candidate(("rgb",), [1, 0, 0, 1], fusion="joint", mode="masked"),
        make_candidate(("skeleton",), [1, 0, 0, 1], fusion="joint", mode="masked"),
        make_candidate(("rgb", "skeleton"), [0, 1, 0, 1], fusion="joint", mode="masked"),
    ]
    document = build_ablation_document(test, masked, resamples=20)
    assert [row["mode"] for row in document["rows"] if row["selected"]] == ["masked"] * 3
    assert [pair["difference"] for pair in document["paired"]] == [0.5, 0.5]
    with pytest.raises(InputError, match=r"include every stream alone, got none of \['skeleton'\]"):
        build_ablation_document(test, [masked[0], masked[2]])
    with pytest.raises(InputError, match="candidates of an ablation must be at least one, got none"):
        build_ablation_document(test, [])


def test_statistics_of_rows_by_hand():
    """RGB is right about a, c and d, skeleton about a and b, both about all four; chance is 1/2."""
    test = make_predictions(
        ids=("a", "b", "c", "d"),
        scores={"rgb": np.zeros((4, 2)), "skeleton": np.zeros((4, 2))},
        kinds={"rgb": "logit", "skeleton": "logit"},
        meta={"cost": {"rgb": {"parameters": 5, "gmacs": 2.0}, "skeleton": {"parameters": 1, "gmacs": 0.5}}},
    )
    candidates = [
        make_candidate(("rgb",), [0, 0, 0, 1], confidence=np.log(3)),
        make_candidate(("skeleton",), [0, 1, 1, 0]),
        make_candidate(("rgb", "skeleton"), [0, 1, 0, 1], fusion="mean"),
    ]
    candidates[0] = replace(candidates[0], temperature=0.5)
    extraction = {"skeleton": {"by": "simplepose", "parameters": 10, "gmacs": 1.0, "ms": 3.0}}
    document = build_ablation_document(test, candidates, extraction=extraction, resamples=20)
    rgb, skeleton, _ = document["rows"]
    assert rgb["ece"] == pytest.approx(0)  # 3 : 1 odds, three of four right
    assert rgb["ece_calibrated"] == pytest.approx(0.9 - 0.75)  # squared odds, 9 : 1
    assert (skeleton["temperature"], skeleton["ece_calibrated"]) == (None, None)
    shares = {row["stream"]: row["value"] for row in document["shapley"]["streams"]}
    assert shares == {"rgb": pytest.approx((0.25 + 0.5) / 2), "skeleton": pytest.approx((0.0 + 0.25) / 2)}
    pairs = {(row["a"], row["b"]): (row["only_a"], row["only_b"], row["exact_p"]) for row in document["mcnemar"]}
    assert pairs == {
        ("rgb", "skeleton"): (2, 1, 1.0),
        ("rgb", "rgb+skeleton"): (0, 1, 1.0),
        ("skeleton", "rgb+skeleton"): (0, 2, 0.5),
    }
    assert [cost["parameters"] for cost in document["subset_costs"]] == [5, 11, 16]

import json
from dataclasses import dataclass, field, replace
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from fusion.evaluation.ablation import ablate_predictions, ablation_document
from fusion.evaluation.fusion_candidates import FusionCandidate, out_of_fold, select, subsets
from fusion.evaluation.table import ablation_table
from fusion.late_fusion import methods as late_methods
from fusion.predictions import Predictions, join_predictions
from modalities.checks import InputError


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
    val, test = simulated(split="val", samples=120), simulated(split="test_", samples=360)
    return ablate_predictions(test, val, methods=("mean", "weighted", "svm"), pairs=PAIRS, resamples=500)


def test_seven_subsets_and_one_selected_row_each(document):
    selected = [tuple(row["streams"]) for row in document["rows"] if row["selected"]]
    assert selected == subsets(("rgb", "flow_dis", "skeleton"))
    assert len(document["rows"]) == 3 + 4 * 3
    for streams in selected:
        rows = [row for row in document["rows"] if tuple(row["streams"]) == streams]
        chosen = next(row for row in rows if row["selected"])
        assert chosen["validation"] == max(row["validation"] for row in rows)


def test_the_document_is_the_design(document):
    assert {"dataset", "protocol", "split", "num_test", "rows", "paired", "cost"} <= set(document)
    for row in document["rows"]:
        low, high = row["ci95"]
        assert 0 <= low <= row["mean_class_accuracy"] <= high <= 1
        assert row["mode"] == "late"
        assert row["seeds"] == [0]
        assert row["top1"] <= row["top5"]
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["interval"]["over"] == "subject"


def test_fusion_gains_what_the_simulation_put_in(document):
    against = [pair for pair in document["paired"] if pair["kind"] == "all against one"]
    assert [pair["b"] for pair in against] == ["rgb", "flow_dis", "skeleton"]
    assert all(pair["ci95"][0] > 0 for pair in against)
    adding = {pair["added"][0]: pair["b"] for pair in document["paired"] if pair["kind"] == "adding one"}
    assert adding == {"rgb": "flow_dis+skeleton", "flow_dis": "rgb+skeleton", "skeleton": "rgb+flow_dis"}


def test_the_pattern_tells_blind_from_seeing(document):
    cells = {(cell["pair"], cell["stream"]): cell for cell in document["pairs"]}
    assert len(cells) == 2 * 4
    assert cells["surface", "rgb"]["ok"] is True
    assert cells["surface", "flow_dis"]["expected"] == "blind"
    assert cells["surface", "flow_dis"]["ok"] is True
    assert cells["reversal", "rgb"]["ok"] is False  # the simulation blinds RGB here: a broken promise shows
    assert cells["reversal", "skeleton"]["ok"] is None
    assert cells["surface", "fused"]["expected"] is None


def test_the_order_of_the_rows_changes_nothing(simulated):
    val, test = simulated(split="val", samples=60), simulated(split="test_", samples=60)
    shuffle = np.random.default_rng(0).permutation(60)
    settings = {"methods": ("mean", "svm"), "resamples": 50}
    once = ablate_predictions(join_predictions([test]), join_predictions([val]), **settings)
    again = ablate_predictions(
        join_predictions([test.select(shuffle)]), join_predictions([val.select(shuffle)]), **settings
    )
    assert json.dumps(once) == json.dumps(again)


def test_validation_is_judged_by_a_fusion_that_has_not_seen_it(monkeypatch, simulated):
    """A fusion that learns the validation samples by heart is at chance out of fold."""

    class ByHeart:
        method, kind = "by_heart", "margin"

        def fit(self, val: Predictions, streams):
            self.known = dict(zip(val.ids.tolist(), val.labels.tolist(), strict=True))
            return self

        def predict(self, test: Predictions):
            return np.eye(6)[[self.known.get(name, 0) for name in test.ids.tolist()]]

    monkeypatch.setitem(late_methods.LATE_METHODS, "by_heart", ByHeart)
    val = simulated(split="val", samples=60)
    assert (ByHeart().fit(val, ()).predict(val).argmax(axis=1) == val.labels).all()
    assert (out_of_fold("by_heart", val, ("rgb",)).argmax(axis=1) == 0).all()


def system(streams=("rgb",), *, fusion="single", mode="late", validation=0.5, correct=True) -> FusionCandidate:
    scores = np.eye(2)[[0, 1, 0, 1]] if correct else np.eye(2)[[1, 0, 0, 1]]
    return FusionCandidate(
        streams=streams, fusion=fusion, mode=mode, scores=scores, present=np.ones(4, bool), validation=validation
    )


def test_equal_on_validation_means_the_simpler_one():
    svm, mean = system(fusion="svm", validation=0.9), system(fusion="mean", validation=0.9)
    assert select([svm, mean]) is mean
    assert select([mean, system(fusion="svm", validation=0.91)]).fusion == "svm"


def test_systems_of_a_jointly_trained_model_make_a_document_too():
    test = Predictions(
        ids=["a", "b", "c", "d"],
        labels=[0, 1, 0, 1],
        classes=("sit", "rise"),
        scores={"rgb": np.zeros((4, 2)), "skeleton": np.zeros((4, 2))},
        kinds={"rgb": "logit", "skeleton": "logit"},
    )
    masked = [
        system(("rgb",), fusion="joint", mode="masked", correct=False),
        system(("skeleton",), fusion="joint", mode="masked", correct=False),
        system(("rgb", "skeleton"), fusion="joint", mode="masked"),
    ]
    document = ablation_document(test, masked, resamples=20)
    assert [row["mode"] for row in document["rows"] if row["selected"]] == ["masked"] * 3
    assert [pair["difference"] for pair in document["paired"]] == [0.5, 0.5]
    with pytest.raises(InputError, match=r"include every stream alone, got none of \['skeleton'\]"):
        ablation_document(test, [masked[0], masked[2]])
    with pytest.raises(InputError, match="did you mean 'masked'"):
        system(mode="mask")


def test_sets_that_do_not_fit_are_refused(simulated):
    val, test = simulated(split="val", samples=60), simulated(split="test_", samples=60)
    with pytest.raises(InputError, match="share no sample with the test predictions"):
        ablate_predictions(test, test)
    only_rgb = replace(val, scores={"rgb": val.scores["rgb"]}, kinds={"rgb": "logit"}, present={}, features={})
    with pytest.raises(InputError, match=r"got none of \['flow_dis', 'skeleton'\]"):
        ablate_predictions(test, only_rgb)
    with pytest.raises(InputError, match="dataset of the validation predictions must be the test's, 'toy', got 'tsu'"):
        ablate_predictions(test, replace(val, meta={"dataset": "tsu"}))
    multi = replace(val, labels=np.eye(6, dtype=int)[val.labels])
    with pytest.raises(InputError, match="carry one label a sample"):
        ablate_predictions(test, multi)


def test_the_terminal_table_fits_eighty_columns(document):
    longest = document | {"rows": [row | {"fusion": "svm_features"} for row in document["rows"]]}
    console = Console(width=80, record=True, file=StringIO())
    console.print(ablation_table(longest))
    text = console.export_text()
    assert "rgb+flow_dis+skeleton" in text
    assert "reversal × rgb: sees expected" in text
    assert "…" not in text.replace(" … ", "")

from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from triad.fusion.evaluation import ablation_table, build_ablation_document, build_late_candidates
from triad.fusion.evaluation.statistics_tables import format_p


@pytest.fixture(scope="module")
def document(simulated):
    val = simulated(split="val", samples=60)
    test = simulated(split="test_", samples=60)
    return build_ablation_document(test, build_late_candidates(test, val, methods=("mean",)), resamples=50)


def render(document) -> str:
    console = Console(width=80, record=True, file=StringIO())
    console.print(ablation_table(document))
    return console.export_text()


def test_longest_rows_fit_eighty_columns(document):
    text = render(document | {"rows": [row | {"fusion": "svm_features"} for row in document["rows"]]})
    assert "rgb+flow_dis+skeleton" in text
    assert "svm_features" in text
    assert "toy · cross_subject · 60 test samples" in text
    assert "…" not in text.replace(" … ", "")


def test_unexpected_pair_cells_are_listed(document):
    cell = {"pair": "reversal", "stream": "rgb", "expected": "sees", "accuracy": 0.5, "ci95": [0.3, 0.7], "ok": False}
    cells = [cell, cell | {"stream": "flow_dis", "ok": True}, cell | {"stream": "skeleton", "ok": None}]
    text = render(document | {"pairs": cells})
    assert "pair × stream pattern: 1 of 2 cells as expected" in text
    assert "reversal × rgb: sees expected, 50.0% [30.0% – 70.0%]" in text


def test_masked_rows_name_their_mode(document):
    text = render(document | {"rows": [row | {"mode": "masked"} for row in document["rows"]]})
    assert "mean (masked)" in text


def test_shares_cost_and_tests_are_printed(document):
    text = render(document)
    assert "points above chance (Shapley)" in " ".join(text.split())
    assert "McNemar p" in text
    rgb = document["subset_costs"][0] | {"parameters": 2_500_000, "gmacs": 1.25, "ms": 30.0, "extraction": ["raft"]}
    (line,) = [
        line for line in render(document | {"subset_costs": [rgb]}).splitlines() if line.strip().endswith("raft")
    ]
    assert line.split()[-4:] == ["2.50", "1.25", "30", "raft"]


def test_spread_over_seeds_is_printed(document):
    rows = [row | {"sd": 0.012} for row in document["rows"]]
    text = render(document | {"rows": rows, "protocols": ["a", "b", "c"], "averaged_over": "seeds"})
    assert " ± 1.2" in text
    assert "mean over 3 seeds of mean class accuracy" in " ".join(text.split())


def test_one_sample_has_no_interval(simulated):
    test = simulated(split="test_", samples=60).select(np.array([0]))
    candidates = build_late_candidates(test, simulated(split="val", samples=60), methods=("mean",))
    lines = render(build_ablation_document(test, candidates, resamples=50)).splitlines()
    of_rgb = [line.split() for line in lines if line.split()[:1] == ["rgb"]]
    assert of_rgb[0][-2] == "–"
    assert of_rgb[1][-1] == "–"  # of its share


def test_small_p_values_are_bounded():
    assert [format_p(p) for p in (None, 1e-9, 0.0234, 1.0)] == ["–", "<.0001", "0.023", "1"]

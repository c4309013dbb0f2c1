import re
from html.parser import HTMLParser

import numpy as np
import pytest

from triad.fusion.evaluation import build_ablation_document, build_late_candidates
from triad.fusion.evaluation.report import Picture, render_report, write_report
from triad.fusion.evaluation.report import page as page_module

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def document(simulated):
    val = simulated(split="val", samples=60)
    test = simulated(split="test_", samples=60)
    return build_ablation_document(test, build_late_candidates(test, val, methods=("mean",)), resamples=50)


class BalanceChecker(HTMLParser):
    """Checks that every tag is closed, and collects the URLs."""

    def __init__(self) -> None:
        super().__init__()
        self.open_tags: list[str] = []
        self.urls: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.urls += [value or "" for name, value in attrs if name in ("src", "href", "srcset")]
        if tag not in ("meta", "img", "link", "br"):
            self.open_tags.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open_tags.pop() == tag


def test_page_requests_nothing_from_outside(document, tmp_path):
    write_report(tmp_path / "report.html", document, reproduce="python tools/ablate.py", pictures=[Picture("one", PNG)])
    page = (tmp_path / "report.html").read_text("utf-8")
    checker = BalanceChecker()
    checker.feed(page)
    assert checker.open_tags == []
    assert checker.urls
    assert all(url.startswith("data:") for url in checker.urls)
    assert not re.search(r"@import|url\(|<script", page)
    assert page.count("data:image/png;base64,") == 3  # two confusion matrices, one sample


def test_page_shows_the_figures(document):
    page = render_report(document)
    for row in document["rows"]:
        if row["selected"]:
            assert f"<b>{100 * row['mean_class_accuracy']:.1f}</b>" in page
    for pair in document["paired"]:
        assert f"<b>{100 * pair['difference']:+.1f}</b>".replace("-", "−") in page


def test_one_sample_has_no_interval(simulated):
    test = simulated(split="test_", samples=60).select(np.array([0]))
    candidates = build_late_candidates(test, simulated(split="val", samples=60), methods=("mean",))
    document = build_ablation_document(test, candidates, resamples=50)
    page = render_report(document)
    num_intervals = len(document["rows"]) + len(document["paired"]) + len(document["shapley"]["streams"])
    assert page.count('<td class="n">–</td>') >= num_intervals
    assert 'class="whisker"' not in page
    assert 'class="range' not in page


def test_names_are_escaped(document):
    hostile = "<script>alert(1)</script>"
    page = render_report(document | {"dataset": hostile}, reproduce=hostile, pictures=[(hostile, PNG)])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_unexpected_cells_are_marked(document):
    cell = {"pair": "p", "classes": ["cup", "can"], "stream": "rgb", "accuracy": 0.9, "ci95": [0.8, 0.95], "n": 40}
    page = render_report(document | {"pairs": [cell | {"expected": "blind", "ok": False}]})
    assert 'class="wrong"' in page
    assert "✗ blind" in page


def test_explained_pictures_have_a_legend(document):
    pictures = [Picture("one", PNG)]
    plain = render_report(document, pictures=pictures, explained=False)
    explained = render_report(document, pictures=pictures, explained=True)
    assert "<h2>Samples</h2>" in plain
    assert "gradient × input" not in plain
    assert "<h2>Samples and explanations</h2>" in explained
    assert "gradient × input" in explained


def test_page_shows_shares_tests_and_cost(document):
    page = render_report(document)
    for row in document["shapley"]["streams"]:
        assert f"<b>{100 * row['value']:+.1f}</b>".replace("-", "−") in page
    assert page.count("only A right") == 1
    assert "All 21 pairs" in page
    assert "Expected calibration error in 15 bins" in page


def test_document_of_before_still_renders(document):
    older = {key: document[key] for key in set(document) - {"shapley", "mcnemar", "subset_costs", "extraction"}}
    page = render_report(older | {"cost": {"rgb": {"parameters": 1_500_000, "gmacs": 2.0}}})
    assert "1.50&nbsp;M" in page
    assert "McNemar" not in page


def test_class_pages_are_linked(document):
    page = render_report(document, class_pages={"cup": "classes/01_cup.html"})
    assert '<a href="classes/01_cup.html">cup</a>' in page
    assert page.count("<a href") == 1


def test_matrices_of_one_stream_are_not_drawn(simulated, monkeypatch):
    def refuse(*args):
        raise AssertionError("drawn, but not shown")

    monkeypatch.setattr(page_module, "plot_confusion_matrix", refuse)
    test = simulated(split="test_", samples=60).select_streams(("rgb",))
    candidates = build_late_candidates(test, simulated(split="val", samples=60), methods=("mean",))
    assert "Confusion matrices" not in render_report(build_ablation_document(test, candidates, resamples=50))


def test_most_confused_of_many_classes_are_drawn(document, monkeypatch):
    assert "Drawn are" not in render_report(document)
    monkeypatch.setattr(page_module, "MAX_CLASSES", 2)
    page = render_report(document)
    assert "Drawn are the 2 of 6 classes whose clips are most often mistaken" in page

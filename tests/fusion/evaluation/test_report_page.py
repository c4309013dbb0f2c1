import re
from html.parser import HTMLParser

import numpy as np
import pytest

from fusion.evaluation.ablation import ablate_predictions
from fusion.evaluation.report import Picture, render_report, write_report
from fusion.evaluation.report.confusion_picture import confusion_png

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def document(simulated):
    val, test = simulated(split="val", samples=60), simulated(split="test_", samples=60)
    return ablate_predictions(test, val, methods=("mean",), resamples=50)


class Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.urls: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.urls += [value or "" for name, value in attrs if name in ("src", "href", "srcset")]
        if tag not in ("meta", "img", "link", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_one_file_that_asks_for_nothing(document, tmp_path):
    write_report(tmp_path / "report.html", document, reproduce="python tools/ablate.py", pictures=[Picture("one", PNG)])
    page = (tmp_path / "report.html").read_text("utf-8")
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert parser.urls
    assert all(url.startswith("data:") for url in parser.urls)
    assert not re.search(r"@import|url\(|<script", page)
    assert page.count("data:image/png;base64,") == 3  # two confusion matrices, one sample


def test_figures_of_the_document_are_on_the_page(document):
    page = render_report(document)
    for row in document["rows"]:
        if row["selected"]:
            assert f"<b>{100 * row['mean_class_accuracy']:.1f}</b>" in page
    for pair in document["paired"]:
        assert f"<b>{100 * pair['difference']:+.1f}</b>".replace("-", "−") in page


def test_names_are_escaped(document):
    hostile = "<script>alert(1)</script>"
    page = render_report(document | {"dataset": hostile}, reproduce=hostile, pictures=[(hostile, PNG)])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_violated_cells_are_marked(document):
    cell = {"pair": "p", "classes": ["cup", "can"], "stream": "rgb", "accuracy": 0.9, "ci95": [0.8, 0.95], "n": 40}
    page = render_report(document | {"pairs": [cell | {"expected": "blind", "ok": False}]})
    assert 'class="wrong"' in page
    assert "✗ blind" in page


def test_equal_matrices_are_equal_pictures():
    matrix = np.array([[3, 1], [0, 4]])
    assert confusion_png(matrix, ("a", "b")).startswith(PNG)
    assert confusion_png(matrix, ("a", "b")) == confusion_png(matrix, ("a", "b"))


def test_pictures_that_say_why_are_explained(document):
    plain, told = (render_report(document, pictures=[Picture("one", PNG)], explained=each) for each in (False, True))
    assert "<h2>What the streams look like</h2>" in plain
    assert "gradient × input" not in plain
    assert "<h2>What the streams look like, and why</h2>" in told
    assert "gradient × input" in told

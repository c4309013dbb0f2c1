import re

import pytest

from triad.fusion.evaluation import ChangedClip, ClassChanges
from triad.fusion.evaluation.report import write_class_pages

STREAMS = ("rgb", "skeleton")


def make_changes(name: str, *, saved: int = 0, broken: int = 0) -> ClassChanges:
    def clips(count: int, *, right: str, wrong: str, start: int) -> list[ChangedClip]:
        answers = {"rgb": wrong, "skeleton": None, "fused": right}
        return [ChangedClip(f"clip{start + number}", "", answers) for number in range(count)]

    return ClassChanges(
        name=name,
        num_test=10,
        num_single=5,
        num_fused=5 + saved - broken,
        saved=clips(saved, right=name, wrong="eat_meal", start=0),
        broken=clips(broken, right="read", wrong=name, start=50),
    )


@pytest.fixture
def pages(tmp_path):
    changes = [make_changes("drink"), make_changes("stir_pot", saved=3, broken=1), make_changes("a/b <i>")]
    names = write_class_pages(tmp_path, changes, streams=STREAMS, best_single="rgb", fusion="svm")
    return names, {name: (tmp_path / path).read_text("utf-8") for name, path in names.items()}


def test_every_class_has_a_page(pages):
    names, texts = pages
    assert list(names.values()) == ["classes/01_drink.html", "classes/02_stir_pot.html", "classes/03_a_b_i.html"]
    assert "Fusion saves no clip" in texts["drink"]


def test_page_lists_clips_and_answers(pages):
    text = pages[1]["stir_pot"]
    assert re.findall(r"<code>(\w+)</code>", text) == ["clip0", "clip1", "clip2", "clip50"]
    assert "<h2>Saved: 3</h2>" in text
    assert "<h2>Broken: 1</h2>" in text
    assert "which took them for eat meal&nbsp;(3)." in text
    assert "Fusion takes them for read&nbsp;(1)." in text
    assert "all streams (svm) right about <b>7</b>" in text
    assert text.count("not there") == 4
    assert "The other 6 clips" in text


def test_links_lead_to_the_neighbours(pages):
    assert re.findall(r'href="([^"]*html)"', pages[1]["stir_pot"]) == [
        "../report.html",
        "01_drink.html",
        "03_a_b_i.html",
    ]
    assert re.findall(r'href="([^"]*html)"', pages[1]["drink"]) == ["../report.html", "02_stir_pot.html"]


def test_names_are_escaped(pages):
    assert "<h1>a/b &lt;i&gt;</h1>" in pages[1]["a/b <i>"]
    assert "<i>" not in pages[1]["a/b <i>"]


def test_runs_have_a_column(tmp_path):
    changes = make_changes("drink", saved=1)
    clip = changes.saved[0]._replace(run="split_2")
    path = write_class_pages(
        tmp_path, [changes._replace(saved=[clip])], streams=STREAMS, best_single="rgb", fusion="svm"
    )["drink"]
    assert "<td>split 2</td>" in (tmp_path / path).read_text("utf-8")

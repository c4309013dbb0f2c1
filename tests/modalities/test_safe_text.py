"""Text of files on a terminal and in a plot."""

import json

import pytest
from matplotlib.figure import Figure

from triad.modalities.safe_text import plot_text, terminal_text


@pytest.mark.parametrize("text", ["plain", "über\tAlles\n", "پنجره‌ها", "読む", "[/x]"])
def test_ordinary_text_stays(text):
    assert terminal_text(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\u001b[2J"),
        ("\x9b31m", "\\u009b31m"),
        ("a\rb\x07\x7f", "a\\u000db\\u0007\\u007f"),
        ("\u202etxt", "\\u202etxt"),
        ("\udcff", "\\udcff"),
        ("\U000e0041", "\\udb40\\udc41"),
    ],
)
def test_what_a_terminal_obeys_is_escaped(text, shown):
    assert terminal_text(text) == shown


def test_json_stays_the_same_document():
    document = {"name": "\x9b31m \u202e \U000e0041"}
    assert json.loads(terminal_text(json.dumps(document, ensure_ascii=False))) == document


@pytest.mark.parametrize("name", [r"$\frac$", "$x$", "5 $ and 6 $", "\x1b"])
def test_plots_show_dollars(name):
    figure = Figure()
    title = figure.add_subplot().set_title(plot_text(name))
    figure.draw_without_rendering()
    assert title.get_text().replace("\\$", "$") == terminal_text(name)

"""Rules over made timelines: a fall, long inactivity, what was not done, and what ended too early."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from triad.fusion.inference.ensemble import WindowPrediction
from triad.fusion.inference.timeline_rules import Alert, AlertSink, Rule, RuleWatch, read_rules
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError
from triad.modalities.clips import Span

CLASSES = ("drink", "fall", "lie", "sit", "walk")
Piece = tuple[float, float, str]

FALL = Rule("fall", frozenset({"fall"}), at_least=0.5)
INACTIVITY = Rule("inactivity", frozenset({"sit", "lie"}), at_least=100.0, bridge=5.0)
THIRST = Rule("thirst", without=frozenset({"drink"}), at_least=50.0)
BROKEN_OFF = Rule("broken off", frozenset({"drink"}), shorter_than=3.0)


def alerts_of(rule: Rule, pieces: Sequence[Piece]) -> list[Alert]:
    watch = RuleWatch([rule])
    return [alert for start, end, label in pieces for alert in watch.update(start, end, {label} - {""})]


def test_fall_is_told_once() -> None:
    pieces = [(0, 10, "walk"), (10, 10.25, "fall"), (10.25, 11, "fall"), (11, 12, "fall"), (12, 13, "lie")]
    assert alerts_of(FALL, pieces) == [Alert("fall", 10.5, 10, 0.5)]
    assert alerts_of(FALL, [(0, 0.4, "fall"), (0.4, 9, "walk"), (9, 9.4, "fall")]) == []
    twice = [(0, 1, "fall"), (1, 2, "walk"), (2, 3, "fall")]
    assert [alert.time for alert in alerts_of(FALL, twice)] == [0.5, 2.5]


def test_inactivity_joins_labels_and_bridges() -> None:
    pieces = [(0, 60, "sit"), (60, 64, "walk"), (64, 90, "lie"), (90, 120, "sit")]
    assert alerts_of(INACTIVITY, pieces) == [Alert("inactivity", 100, 0, 100)]
    longer = [(0, 60, "sit"), (60, 66, "walk"), (66, 90, "lie"), (90, 160, "sit")]
    assert alerts_of(INACTIVITY, longer) == []
    assert alerts_of(INACTIVITY, [*longer, (160, 170, "sit")]) == [Alert("inactivity", 166, 66, 100)]


def test_what_is_not_done_is_missed() -> None:
    pieces = [(0, 40, "sit"), (40, 42, "drink"), (42, 80, ""), (80, 100, "walk")]
    assert alerts_of(THIRST, pieces) == [Alert("thirst", 92, 42, 50)]


def test_early_end_is_told_after_it() -> None:
    pieces = [(0, 2, "drink"), (2, 5, "sit"), (5, 9, "drink"), (9, 10, "sit"), (10, 11, "drink")]
    assert alerts_of(BROKEN_OFF, pieces) == [Alert("broken off", 2, 0, 2)]  # the last one may go on


def test_lengths_are_met_by_rounded_seconds() -> None:
    assert 4.1 - 1.1 < 3.0
    assert alerts_of(BROKEN_OFF, [(1.1, 4.1, "drink"), (4.1, 9.0, "sit")]) == []
    assert 0.7 - 0.2 < 0.5
    assert [alert.start for alert in alerts_of(FALL, [(0.0, 0.2, "walk"), (0.2, 0.7, "fall")])] == [0.2]
    bridged = Rule("inactivity", frozenset({"sit"}), at_least=1.0, bridge=0.1)
    assert 0.8 - 0.7 > 0.1
    assert [
        alert.start for alert in alerts_of(bridged, [(0.0, 0.7, "sit"), (0.7, 0.8, "walk"), (0.8, 1.5, "sit")])
    ] == [0.0]


@pytest.mark.parametrize("rule", [FALL, INACTIVITY, THIRST, BROKEN_OFF])
def test_finer_pieces_change_no_alert(rule: Rule) -> None:
    pieces = [
        (0, 2, "drink"),
        (2, 60, "sit"),
        (60, 63, "fall"),
        (63, 200, "lie"),
        (200, 204, "walk"),
        (204, 400, "sit"),
    ]
    fine = [
        (second / 4, second / 4 + 0.25, label)
        for start, end, label in pieces
        for second in range(int(4 * start), int(4 * end))
    ]
    assert alerts_of(rule, fine) == alerts_of(rule, pieces)


def window(start: float, end: float, label: str, kind: str = "logit", *, score: float = 5.0) -> WindowPrediction:
    scores = np.where(np.array(CLASSES) == label, score, -5.0).astype(np.float32)[None]
    predictions = Predictions(
        ids=np.array(["0"]), labels=np.array([-1]), classes=CLASSES, scores={"rgb": scores}, kinds={"rgb": kind}
    )
    return WindowPrediction(Span(start, end), predictions)


def test_window_speaks_for_its_new_part() -> None:
    alerts: list[Alert] = []
    sink = AlertSink([FALL], alerts)
    for start, label in ((0.0, "walk"), (0.25, "fall"), (0.5, "walk")):
        sink.add_window(window(start, start + 1.0, label))
    assert alerts == []  # the fall has a quarter of a second
    sink.add_window(window(2.0, 3.0, "fall"))
    assert [(alert.start, alert.time) for alert in alerts] == [(1.5, 2.0)]


def test_several_labels_may_hold() -> None:
    alerts: list[Alert] = []
    sink = AlertSink([THIRST], alerts)
    sink.add_window(window(0.0, 60.0, "", "sigmoid"))  # no label is probable
    assert [alert.rule for alert in alerts] == ["thirst"]


def write(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, "utf-8")
    return path


def test_rules_are_read(tmp_path: Path) -> None:
    text = '[[rule]]\nname = "thirst"\nwithout = ["drink"]\nat_least = 50\n'
    assert read_rules(write(tmp_path, text), CLASSES) == [THIRST]
    assert read_rules(write(tmp_path, f"\ufeff{text}"), CLASSES) == [THIRST]  # as Windows writes it


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rule = 3", "rule of rule file .* must be a list"),
        ("[[rule]", "must be TOML"),
        (f"rule = {'[' * 5000}", "must be TOML"),
        ("rule = []", "must have a rule"),
        ('[[rules]]\nname = "x"', r"table of rule file .* \(did you mean 'rule'"),
        ('[[rule]]\nname = "x"\nlabels = ["fall"]', "must have at_least or shorter_than"),
        ('[[rule]]\nname = "x"\nat_least = 3', "must have labels or without, got neither"),
        ('[[rule]]\nname = "x"\nlabels = ["fal"]\nat_least = 3', "did you mean 'fall'"),
        ('[[rule]]\nname = "x"\nlabels = ["fall"]\nat_leest = 3', "did you mean 'at_least'"),
        ('[[rule]]\nname = "x"\nlabels = ["fall"]\nat_least = -3', "must be a number from 0"),
        ('[[rule]]\nlabels = ["fall"]\nat_least = 3', "must have 'name'"),
    ],
)
def test_faults_of_rule_files_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_rules(write(tmp_path, text), CLASSES)

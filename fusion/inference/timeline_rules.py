"""Alerts from simple rules over the labels of a recording or camera: a fall, long inactivity, an unusual duration.

README.md shows the file of rules.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from triad.fusion.inference.ensemble import WindowPrediction
from triad.fusion.inference.timeline import SEVERAL_THRESHOLD
from triad.modalities.checks import check_choice, fail, read_text
from triad.modalities.schema import Fields, ListOf, Number, Text, check_document
from triad.modalities.video import Frame

CURE = "see the rules in the README"
TOLERANCE = 1e-6
"""Seconds by which sums of strides miss a length of a rule."""
_SECONDS = Number(low=0.0)
_RULE = Fields(
    required={"name": Text()},
    optional={
        "labels": ListOf(Text()),
        "without": ListOf(Text()),
        "at_least": _SECONDS,
        "shorter_than": _SECONDS,
        "bridge": _SECONDS,
    },
)


@dataclass(frozen=True)
class Rule:
    """Rule about the runs of time in which one of some labels holds, or none of some.

    Args:
        name: name of its alerts.
        labels: labels of which one must hold; empty with ``without``.
        without: labels of which none may hold.
        at_least: seconds after which a run that goes on gives an alert.
        shorter_than: seconds before which a run may not end.
        bridge: seconds of interruption that do not end a run.
    """

    name: str
    labels: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    at_least: float | None = None
    shorter_than: float | None = None
    bridge: float = 0.0

    def holds(self, labels: Collection[str]) -> bool:
        """Return whether a time with these labels belongs to a run."""
        return not self.labels.isdisjoint(labels) if self.labels else self.without.isdisjoint(labels)


class Alert(NamedTuple):
    """Alert of a rule.

    Attributes:
        rule: name of the rule.
        time: second at which it was known.
        start: second at which the run began.
        seconds: length of the run at that time.
    """

    rule: str
    time: float
    start: float
    seconds: float

    def __str__(self) -> str:
        return f"alert: {self.rule} at {self.time:.1f} s, for {self.seconds:.1f} s"

    def to_json(self) -> dict[str, Any]:
        """Return the entry of ``labels.json``."""
        return {"alert": self.rule, "time": self.time, "start": self.start, "seconds": self.seconds}


@dataclass
class _Run:
    """Run of a rule that may go on."""

    start: float
    end: float
    has_alerted: bool = False


@dataclass
class RuleWatch:
    """Rules over a timeline that is told piece by piece; what comes later changes no alert.

    Args:
        rules: the rules.
    """

    rules: Sequence[Rule]
    _runs: dict[int, _Run] = field(default_factory=dict)

    def update(self, start: float, end: float, labels: Collection[str]) -> list[Alert]:
        """Return the alerts that the labels of the next piece of time give.

        Args:
            start: first second of the piece, not before the end of the last one.
            end: last second.
            labels: labels that hold all the time between; empty for none.
        """
        alerts: list[Alert] = []
        for number, rule in enumerate(self.rules):
            run = self._runs.get(number)
            holds = rule.holds(labels)
            broken_at = end if not holds else start
            if run is not None and broken_at - run.end > rule.bridge + TOLERANCE:
                alerts += _end_run(rule, run)
                del self._runs[number]
                run = None
            if not holds:
                continue
            if run is None:
                run = self._runs[number] = _Run(start, end)
            run.end = end
            if rule.at_least is not None and not run.has_alerted and end - run.start >= rule.at_least - TOLERANCE:
                run.has_alerted = True
                time = max(run.start + rule.at_least, start)
                alerts.append(Alert(rule.name, time, run.start, time - run.start))
        return alerts


def _end_run(rule: Rule, run: _Run) -> list[Alert]:
    """Return the alert of a run that ended too early, if it did."""
    seconds = run.end - run.start
    if rule.shorter_than is None or seconds >= rule.shorter_than - TOLERANCE:
        return []
    return [Alert(rule.name, run.end + rule.bridge, run.start, seconds)]


class AlertSink:
    """Receiver of windows that applies rules, see :class:`triad.fusion.inference.video_prediction.PredictionSink`.

    A window speaks for the time from the end of the window before it to its own end, so that a recording gives the
    alerts of a camera.

    Args:
        rules: the rules.
        alerts: list to which alerts are added.
    """

    def __init__(self, rules: Sequence[Rule], alerts: list[Alert]) -> None:
        self.alerts = alerts
        self._watch = RuleWatch(rules)
        self._end: float | None = None

    def add_window(self, window: WindowPrediction) -> None:
        start = window.span.start if self._end is None else self._end
        if window.span.end > start:
            self.alerts += self._watch.update(start, window.span.end, labels_of(window))
            self._end = window.span.end

    def add_frame(self, frame: Frame) -> None:
        """Do nothing: rules know labels alone."""


def labels_of(window: WindowPrediction) -> set[str]:
    """Return the labels of a window: the likeliest one, or all probable ones where several may hold at once."""
    if not window.multi_label:
        return {window.label}
    likely = np.flatnonzero(window.probabilities >= SEVERAL_THRESHOLD)
    return {str(window.predictions.classes[index]) for index in likely}


def read_rules(path: str | Path, classes: Sequence[str]) -> list[Rule]:
    """Return the rules of a TOML file.

    Args:
        path: path of the file.
        classes: names of the labels.

    Raises:
        InputError: If the file is no such TOML, or names another label.
    """
    try:
        document = tomllib.loads(read_text("rule file", path, CURE))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fail(f"rule file '{path}'", "be TOML", str(error), CURE)
    for table in document:
        check_choice(f"table of rule file '{path}'", table, ["rule"])
    check_document(f"rule file '{path}'", document, Fields({"rule": ListOf(_RULE)}), CURE)
    rules = [_to_rule(f"rule {number + 1} of '{path}'", row, classes) for number, row in enumerate(document["rule"])]
    if not rules:
        fail(f"rule file '{path}'", "have a rule", "none", CURE)
    return rules


def _to_rule(subject: str, row: dict[str, Any], classes: Sequence[str]) -> Rule:
    for key in row:
        check_choice(f"field of {subject}", key, [*_RULE.required, *_RULE.optional])
    if bool(row.get("labels")) == bool(row.get("without")):
        fail(subject, "have labels or without", "both" if row.get("labels") else "neither", CURE)
    if not {"at_least", "shorter_than"} & set(row):
        fail(subject, "have at_least or shorter_than", ", ".join(sorted(row)), CURE)
    for label in [*row.get("labels", ()), *row.get("without", ())]:
        check_choice(f"label of {subject}", label, classes)
    sets = {key: frozenset(row.get(key, ())) for key in ("labels", "without")}
    return Rule(**{**row, **sets})

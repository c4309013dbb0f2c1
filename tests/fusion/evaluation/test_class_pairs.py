from dataclasses import dataclass

import numpy as np
import pytest

from triad.fusion.evaluation import evaluate_pair
from triad.modalities.checks import InputError

CLASSES = ("cup", "can", "sit")


@dataclass(frozen=True)
class Pair:
    name: str = "surface"
    classes: tuple[str, str] = ("cup", "can")
    expected: str = "sees"

    @property
    def sees(self) -> dict[str, str]:
        return {"flow": self.expected}


def evaluate(num_correct: int, num_samples: int, expected: str = "sees", stream: str = "flow_dis") -> dict:
    """Evaluate samples of the class ``cup``; the first ``num_correct`` of them score higher for ``cup``."""
    scores = np.zeros((num_samples, 3))
    scores[np.arange(num_samples), [0] * num_correct + [1] * (num_samples - num_correct)] = 1
    present = np.ones(num_samples, bool)
    labels = np.zeros(num_samples, int)
    pair = Pair(expected=expected)
    return evaluate_pair(pair, stream, scores=scores, labels=labels, present=present, classes=CLASSES)


@pytest.mark.parametrize(
    ("expected", "num_correct", "ok"),
    [("sees", 9, True), ("sees", 8, False), ("blind", 3, True), ("blind", 6, False), ("weak", 5, None)],
)
def test_expectations_are_checked(expected, num_correct, ok):
    cell = evaluate(num_correct, 10, expected)
    assert (cell["accuracy"], cell["expected"], cell["ok"]) == (num_correct / 10, expected, ok)


def test_cell_names_its_pair_and_count():
    cell = evaluate(8, 10)
    assert (cell["pair"], cell["classes"], cell["stream"], cell["n"]) == ("surface", ["cup", "can"], "flow_dis", 10)
    assert cell["ci95"] == pytest.approx([0.4902, 0.9433], abs=1e-4)


def test_fused_has_no_expectation():
    cell = evaluate(10, 10, stream="fused")
    assert (cell["expected"], cell["ok"]) == (None, None)


def test_pair_without_samples_is_open():
    cell = evaluate(0, 0)
    assert (cell["accuracy"], cell["ci95"], cell["n"], cell["ok"]) == (None, [0.0, 1.0], 0, None)


def test_unknown_class_is_refused():
    zeros = {"scores": np.zeros((1, 3)), "labels": np.zeros(1, int), "present": np.ones(1, bool)}
    with pytest.raises(InputError, match=r"class of the pair 'surface' must be one of .*, got 'cap' \(did you mean"):
        evaluate_pair(Pair(classes=("cap", "can")), "flow", classes=CLASSES, **zeros)

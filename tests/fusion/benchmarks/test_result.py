import pytest

from triad.fusion.benchmarks import BenchmarkResult


@pytest.mark.parametrize(("unit", "ratio"), [("clips/s", 3.0), ("s", 1 / 3), ("MB", 1 / 3)])
def test_ratio_above_one_is_better(unit, ratio):
    assert BenchmarkResult("work", "cpu", 6.0, 2.0, unit).ratio == pytest.approx(ratio)


def test_zero_figure_has_infinite_ratio():
    assert BenchmarkResult("work", "cpu", 0.0, 2.0, "s").ratio == float("inf")


@pytest.mark.parametrize(
    ("unit", "required", "limit", "keeps_promise"),
    [
        ("clips/s", None, None, True),
        ("clips/s", 3.0, None, True),
        ("clips/s", 3.1, None, False),
        ("clips/s", None, 6.0, True),
        ("clips/s", None, 6.1, False),
        ("s", None, 6.0, True),
        ("s", None, 5.9, False),
        ("s", 1.0, 6.0, False),
    ],
)
def test_promise_needs_ratio_and_limit(unit, required, limit, keeps_promise):
    assert BenchmarkResult("work", "cpu", 6.0, 2.0, unit, required, limit).keeps_promise is keeps_promise


def test_json_keeps_its_keys():
    assert BenchmarkResult("work", "cpu", 6.0, 2.0, "clips/s", 2.0, note="two threads").to_json() == {
        "name": "work",
        "device": "cpu",
        "ours": 6.0,
        "reference": 2.0,
        "unit": "clips/s",
        "required": 2.0,
        "limit": None,
        "note": "two threads",
        "ratio": 3.0,
        "kept": True,
    }

import pytest

from triad.modalities import stopwatch
from triad.modalities.stopwatch import Stopwatch, sum_seconds


def test_seconds_are_summed_by_name(monkeypatch):
    ticks = iter([0.0, 1.0, 5.0, 7.0, 10.0, 14.0])
    monkeypatch.setattr(stopwatch, "perf_counter", lambda: next(ticks))
    watch = Stopwatch()
    for name in ("decode", "flow", "decode"):
        with watch(name):
            pass
    assert watch.seconds == {"decode": 5.0, "flow": 2.0}


def test_seconds_count_despite_an_error():
    watch = Stopwatch()
    with pytest.raises(ZeroDivisionError), watch("flow"):
        raise ZeroDivisionError
    assert watch.seconds["flow"] >= 0


def test_sum_of_watches():
    first = Stopwatch()
    second = Stopwatch()
    first.seconds = {"decode": 1.0, "flow": 2.0}
    second.seconds = {"flow": 3.0}
    assert sum_seconds(first, second) == {"decode": 1.0, "flow": 5.0}

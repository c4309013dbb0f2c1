"""Times of frames that step back, double, jump or lack; ten frames a second."""

import numpy as np
import pytest

from triad.modalities.video.clock_repair import repair_times

NAN = float("nan")


def ticks(first, num):
    return [round(first + number / 10, 6) for number in range(num)]


def repair(times, **options):
    return repair_times(np.array(times, float), interval=0.1, **options)


@pytest.mark.parametrize(
    ("times", "expected", "spans"),
    [
        ([5.0, 5.1, 5.4], [0, 0.1, 0.4], []),
        ([0, 0.1, 0.2, 50, 0.4, 0.5], [0, 0.1, 0.2, 0.3, 0.4, 0.5], [(0.2, 0.4)]),
        ([0, 0.1, 0.2, -5, 0.4, 0.5], [0, 0.1, 0.2, 0.3, 0.4, 0.5], [(0.2, 0.4)]),
        ([0, 0.1, 0.2, 50, 0.4], [0, 0.1, 0.2, 0.3, 0.4], [(0.2, 0.4)]),
        ([0, 0.1, 0.1, 0.3, 0.4], [0, 0.1, 0.2, 0.3, 0.4], [(0.1, 0.3)]),
        ([0, 0.1, NAN, NAN, 0.4, 0.5], [0, 0.1, 0.2, 0.3, 0.4, 0.5], [(0.1, 0.4)]),
        ([NAN, 0.1, 0.2, 0.3, NAN], [0, 0.1, 0.2, 0.3, 0.4], [(0, 0.1), (0.3, 0.4)]),
        ([0, 0.3, 0.1, 0.2, 0.6, 0.4, 0.5], [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5], [(0, 0.1), (0.2, 0.4)]),
        ([NAN] * 3, [0, 0.1, 0.2], [(0, 0.2)]),
        ([NAN, 7, NAN], [0, 0.1, 0.2], [(0, 0.2)]),
        ([0, 1e300, 0.2, float("inf"), 0.4], [0, 0.1, 0.2, 0.3, 0.4], [(0, 0.4)]),
        ([4.0], [0], []),
        ([NAN], [0], []),
    ],
)
def test_only_broken_times_change(times, expected, spans):
    repaired = repair(times)
    assert repaired.seconds == pytest.approx(expected)
    assert repaired.spans == tuple(pytest.approx(span) for span in spans)


@pytest.mark.parametrize(
    "parts", [[ticks(0, 10), ticks(0, 10)], [ticks(0, 5), ticks(0, 15)], [ticks(3, 14), ticks(0, 6)]]
)
def test_joined_recordings_follow_one_another(parts):
    repaired = repair([*parts[0], *parts[1]])
    assert repaired.seconds == pytest.approx(ticks(0, 20))
    joint = len(parts[0])
    assert repaired.spans == (pytest.approx(((joint - 1) / 10, (joint + 1) / 10)),)


def test_late_part_between_two_moves_the_rest():
    repaired = repair([*ticks(0, 20), *ticks(1, 20), *ticks(2.1, 30)])
    assert repaired.seconds == pytest.approx(ticks(0, 70))


def test_wrong_cluster_is_fitted_in():
    """Everything after the five frames of another time keeps its own."""
    repaired = repair([*ticks(0, 10), *ticks(100, 5), *ticks(1.5, 10)])
    assert repaired.seconds == pytest.approx(ticks(0, 25))
    assert repaired.spans == (pytest.approx((0.9, 1.5)),)


def test_gap_remains_unless_beyond_belief():
    jump = [*ticks(0, 10), *ticks(50, 10)]
    assert repair(jump).seconds[10] == pytest.approx(50)
    assert repair(jump).spans == ()
    assert repair(jump, max_gap=10.0).seconds == pytest.approx(ticks(0, 20))
    assert repair([*ticks(0, 10), *ticks(1e8, 10)]).seconds == pytest.approx(ticks(0, 20))


def test_damage_is_reported_with_its_gap():
    """Frames are lost from 3.2 to 6.4 s, and two that are left come in the wrong order."""
    repaired = repair([*ticks(0, 32), 6.3, 3.2, *ticks(6.4, 40)])
    assert repaired.seconds[:32] == pytest.approx(ticks(0, 32))
    assert repaired.seconds[34:] == pytest.approx(ticks(6.4, 40))
    ((start, end),) = repaired.spans
    assert start <= 3.2 < 6.3 <= end <= 6.5


def test_any_times_become_increasing():
    rng = np.random.default_rng(0)
    for _ in range(400):
        times = np.cumsum(rng.choice([0.1, 0.1, 0.1, 0, -0.1, -3, 5, 1000, 1e5], rng.integers(1, 40)))
        times[rng.random(len(times)) < 0.1] = np.nan
        seconds, spans = repair(times, max_gap=rng.choice([10, 3600]))
        assert seconds[0] == 0
        assert np.all(np.diff(seconds) > 0)
        ends = [second for span in spans for second in span]
        assert ends == sorted(ends)
        assert not ends or (ends[0] >= 0 and ends[-1] <= seconds[-1])

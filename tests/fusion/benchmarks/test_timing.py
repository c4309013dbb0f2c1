import time

from triad.fusion.benchmarks.timing import measure_cpu_pair, measure_pair, measure_seconds


def test_seconds_include_the_whole_call():
    assert 0.02 <= measure_seconds(lambda: time.sleep(0.02)) < 0.5


def test_pair_alternates_after_one_warm_up():
    calls = []
    measure_pair(lambda: calls.append("ours"), lambda: calls.append("reference"), rounds=2)
    assert calls == ["ours", "reference"] * 3


def test_pair_takes_the_least_seconds():
    delays = iter([0, 0.03, 0.01])
    ours, reference = measure_pair(lambda: time.sleep(next(delays)), lambda: time.sleep(0.02), rounds=2)
    assert 0.01 <= ours < 0.03
    assert reference >= 0.02


def test_cpu_seconds_leave_out_waiting():
    ours, reference = measure_cpu_pair(lambda: time.sleep(0.05), lambda: sum(range(10**6)), rounds=1)
    assert ours < 0.03
    assert reference > ours

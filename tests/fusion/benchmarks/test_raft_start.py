from triad.fusion.benchmarks.raft_start import StartSeconds, measure_start, start_results


def test_all_first_results_take_time():
    assert min(measure_start("cpu", "random:0", 1)) > 0


def test_late_first_result_breaks_promise():
    first, second = start_results(StartSeconds(9.0, 2.5, 1.0, 0.5), "cpu", 8)
    assert first.name == "RAFT-small time to first result"
    assert second.name == "RAFT-small time to first result of a second size"
    assert (first.ours, first.reference, first.keeps_promise) == (9.0, 1.0, True)
    assert (second.ours, second.reference, second.keeps_promise) == (2.5, 0.5, False)

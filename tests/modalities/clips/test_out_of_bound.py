import numpy as np

from triad.modalities.clips import OUT_OF_BOUND, Span, entries_at

EXTENT = Span(1.0, 1.5)
ENTRIES = 1.0 + np.arange(5) / 10
TIMES = 1.0 + np.arange(12) / 10


def test_last_entry_is_held_and_invalid():
    times, valid = OUT_OF_BOUND["repeat_last"](TIMES, EXTENT)
    assert entries_at(times, ENTRIES).tolist() == [0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4]
    assert valid.tolist() == [True] * 5 + [False] * 7
    longer_file = 1.0 + np.arange(9) / 10
    assert entries_at(times, longer_file).max() == 4  # nothing of what follows the record


def test_loop_begins_again():
    times, valid = OUT_OF_BOUND["loop"](TIMES, EXTENT)
    assert entries_at(times, ENTRIES).tolist() == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1]
    assert valid.all()


def test_times_inside_stay_the_same():
    times = np.array([1.0, 1.25, 1.4999])
    for policy in OUT_OF_BOUND.values():
        kept, valid = policy(times, EXTENT)
        assert kept.tobytes() == times.tobytes()
        assert valid.all()


def test_empty_extent_shows_its_start():
    for policy in OUT_OF_BOUND.values():
        times, _ = policy(np.array([0.0, 0.3]), Span(0.0, 0.0))
        assert entries_at(times, np.zeros(1)).tolist() == [0, 0]
        assert (np.abs(times) < 1e-3).all()

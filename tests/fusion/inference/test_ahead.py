"""Threads that make items: in order, with their errors, and never more than may wait."""

import threading
import time

import pytest

from fusion.inference.prefetch import DropOldestQueue, prefetch


def test_ahead_gives_the_same_items_and_no_more_than_it_may_hold():
    made = []

    def items():
        for number in range(20):
            made.append(number)
            yield number

    found = prefetch(items(), size=3)
    assert next(found) == 0
    time.sleep(0.3)
    assert len(made) <= 6  # one taken, three waiting, one in hand
    assert list(found) == list(range(1, 20))


def test_ahead_raises_the_error_of_its_thread_after_what_came_before():
    def items():
        yield 1
        raise KeyError("broken")

    found = prefetch(items())
    assert next(found) == 1
    with pytest.raises(KeyError, match="broken"):
        next(found)


def test_ahead_that_is_given_up_leaves_no_thread():
    found = prefetch(iter(range(1000)), size=2)
    next(found)
    found.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]


def test_newest_drops_the_oldest_and_counts():
    go_on = threading.Event()

    def items():
        yield 0
        go_on.wait(5)
        yield from range(1, 10)

    newest = DropOldestQueue(items, size=3)
    found = iter(newest)
    assert next(found) == 0
    go_on.set()
    time.sleep(0.3)
    assert list(found) == [7, 8, 9]
    assert newest.dropped == 6


def test_newest_raises_the_error_of_its_thread():
    def items():
        yield 0
        raise OSError("unplugged")

    found = iter(DropOldestQueue(items, size=3))
    assert next(found) == 0
    with pytest.raises(OSError, match="unplugged"):
        next(found)

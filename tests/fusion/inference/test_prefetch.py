"""Items from a background thread: in order, with its errors, and never more than may wait."""

import threading
import time

import pytest

from triad.fusion.inference.prefetch import DropOldestQueue, prefetch


def test_prefetch_keeps_order_and_size():
    produced = []

    def items():
        for number in range(20):
            produced.append(number)
            yield number

    iterator = prefetch(items(), size=3)
    assert next(iterator) == 0
    time.sleep(0.3)
    assert len(produced) <= 6  # one taken, three waiting, one about to wait
    assert list(iterator) == list(range(1, 20))


def test_prefetch_raises_thread_error_last():
    def items():
        yield 1
        raise KeyError("broken")

    iterator = prefetch(items())
    assert next(iterator) == 1
    with pytest.raises(KeyError, match="broken"):
        next(iterator)


def test_closed_prefetch_leaves_no_thread():
    iterator = prefetch(iter(range(1000)), size=2)
    next(iterator)
    assert [thread for thread in threading.enumerate() if thread.name == "prefetch"]
    iterator.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "prefetch"]


def test_full_queue_drops_oldest_items():
    consumed_first = threading.Event()

    def items():
        yield 0
        consumed_first.wait(5)
        yield from range(1, 10)

    newest = DropOldestQueue(items, size=3)
    iterator = iter(newest)
    assert next(iterator) == 0
    consumed_first.set()
    time.sleep(0.3)
    assert list(iterator) == [7, 8, 9]
    assert newest.dropped == 6


def test_drop_oldest_raises_thread_error():
    def items():
        yield 0
        raise OSError("unplugged")

    iterator = iter(DropOldestQueue(items, size=3))
    assert next(iterator) == 0
    with pytest.raises(OSError, match="unplugged"):
        next(iterator)

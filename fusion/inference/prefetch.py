"""Decoding in a background thread: ahead of the consumer for files, never behind the source for live video."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
DEFAULT_SIZE = 8  # frames


def prefetch(items: Iterable[T], *, size: int = DEFAULT_SIZE) -> Iterator[T]:
    """Yield the same items, produced by a thread that is up to ``size`` items ahead; its error is raised here.

    Args:
        items: items to produce.
        size: number of items that may wait, at least 1.
    """
    waiting: queue.Queue[tuple[bool, T | BaseException | None]] = queue.Queue(size)
    stopped = threading.Event()

    def put(entry: tuple[bool, T | BaseException | None]) -> bool:
        while not stopped.is_set():
            try:
                waiting.put(entry, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def produce() -> None:
        try:
            for item in items:
                if not put((True, item)):
                    return
            put((False, None))
        except BaseException as error:
            put((False, error))

    thread = threading.Thread(target=produce, daemon=True, name="prefetch")
    thread.start()
    try:
        while True:
            more, item = waiting.get()
            if isinstance(item, BaseException):
                raise item
            if not more:
                return
            yield item  # type: ignore[misc]
    finally:
        stopped.set()
        thread.join()


class DropOldestQueue(Generic[T]):
    """Items from a thread that never waits for the consumer: where the queue is full, the oldest item is dropped.

    Args:
        items: function that returns the items to produce.
        size: number of items that may wait, at least 1.

    Attributes:
        dropped: number of items dropped so far.
    """

    def __init__(self, items: Callable[[], Iterable[T]], *, size: int) -> None:
        self.dropped = 0
        self._items = items
        self._size = size
        self._waiting: deque[T] = deque()
        self._changed = threading.Condition()
        self._finished = False
        self._stopped = False
        self._error: BaseException | None = None

    def __iter__(self) -> Iterator[T]:
        thread = threading.Thread(target=self._produce, daemon=True, name="drop_oldest")
        thread.start()
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._waiting or self._finished)
                    if not self._waiting:
                        break
                    item = self._waiting.popleft()
                yield item
        finally:
            self._stopped = True
        if self._error is not None:
            raise self._error

    def _produce(self) -> None:
        try:
            for item in self._items():
                if self._stopped:
                    return
                with self._changed:
                    if len(self._waiting) == self._size:
                        self._waiting.popleft()
                        self.dropped += 1
                    self._waiting.append(item)
                    self._changed.notify()
        except BaseException as error:
            self._error = error
        finally:
            with self._changed:
                self._finished = True
                self._changed.notify()

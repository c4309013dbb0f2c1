"""Decoding beside the rest: ahead of it for files, and never behind the world for what is live."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
AHEAD = 8  # frames


def prefetch(items: Iterable[T], *, size: int = AHEAD) -> Iterator[T]:
    """The same items, made by a thread that is up to ``size`` of them ahead; its error is raised here."""
    waiting: queue.Queue[tuple[bool, T | BaseException | None]] = queue.Queue(size)
    given_up = threading.Event()

    def put(entry: tuple[bool, T | BaseException | None]) -> bool:
        while not given_up.is_set():
            try:
                waiting.put(entry, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for item in items:
                if not put((True, item)):
                    return
            put((False, None))
        except BaseException as error:
            put((False, error))

    thread = threading.Thread(target=work, daemon=True, name="ahead")
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
        given_up.set()
        thread.join()


class DropOldestQueue(Generic[T]):
    """Items made by a thread that nobody holds up: where they are taken too slowly, the oldest ones are dropped.

    Args:
        items: to take, as fast as they come.
        size: how many may wait.

    Attributes:
        dropped: items that nobody got.
    """

    def __init__(self, items: Callable[[], Iterable[T]], *, size: int) -> None:
        self.dropped = 0
        self._items, self._size = items, size
        self._waiting: deque[T] = deque()
        self._changed = threading.Condition()
        self._over, self._given_up = False, False
        self._error: BaseException | None = None

    def __iter__(self) -> Iterator[T]:
        thread = threading.Thread(target=self._work, daemon=True, name="newest")
        thread.start()
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._waiting or self._over)
                    if not self._waiting:
                        break
                    item = self._waiting.popleft()
                yield item
        finally:
            self._given_up = True
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        try:
            for item in self._items():
                if self._given_up:
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
                self._over = True
                self._changed.notify()

"""Locks between processes, also of several machines that share a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def file_lock(path: Path, *, wait: bool, shared: bool = False) -> Iterator[bool]:
    """Hold the lock of a file, which is made, empty, where it is missing; the kernel frees it when a process dies.

    Where the system or the file system knows no locks, it counts as held.

    Args:
        path: of the file; it stays, because removing it would let two processes hold two files of one name.
        wait: until it is free; otherwise say at once whether it is.
        shared: with others who share it, but with nobody who does not.

    Yields:
        Whether it is held.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:  # network file systems want a shared one readable, an exclusive one writable
        yield _flock(file.fileno(), wait, shared)


def _flock(handle: int, wait: bool, shared: bool) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True

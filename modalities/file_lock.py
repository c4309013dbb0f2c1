"""File locks between processes, also of several machines that share a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from triad.modalities.atomic_files import storage_errors
from triad.modalities.file_names import check_no_link

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def file_lock(path: Path, *, wait: bool, shared: bool = False) -> Iterator[bool]:
    """Lock a file for the block; the kernel releases the lock when the process dies.

    Where the system or the file system has no locks, the lock counts as acquired.

    Args:
        path: path of the lock file, created empty where it is missing. It is never removed: removing it would let two
            processes lock two files of one name.
        wait: True waits until the lock is free; False tries once.
        shared: True for a lock that other shared locks tolerate, False for an exclusive one.

    Yields:
        True if the lock was acquired.

    Raises:
        InputError: If the lock file is a link that leads out of its folder.
        StorageError: If the folder cannot be written.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        check_no_link(path)
        file = path.open("a+b")  # network file systems require reading for shared, writing for exclusive locks
    with file:
        yield _flock(file.fileno(), wait=wait, shared=shared)


def _flock(descriptor: int, *, wait: bool, shared: bool) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True

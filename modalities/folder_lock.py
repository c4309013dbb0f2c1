"""Folders that one process writes at a time, which says who it is."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from triad.modalities.atomic_files import make_parent, storage_errors
from triad.modalities.checks import fail, printable
from triad.modalities.processes import is_running

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LOCK = ".lock"
LONGEST_OWNER = 4096
"""Bytes that are read of a lock file at most."""
_logger = logging.getLogger(__name__)


@contextmanager
def lock_folder(folder: str | Path, task: str) -> Iterator[None]:
    """Hold a folder for the block against other processes that write it.

    The lock file names the task, the process and the machine. The kernel releases it when the process dies; where the
    file system has no locks, the file itself is the lock. What a process that died has left is taken over, and a line
    says so. Folders that were made for the lock and stay empty are removed.

    Args:
        folder: folder to hold; it is made.
        task: what the process does there, e.g. ``"training"``.

    Raises:
        InputError: If another process holds the folder.
        StorageError: If the folder cannot be written.
    """
    folder = Path(folder)
    path = folder / LOCK
    new_folders = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    with storage_errors(path):
        make_parent(path)
        descriptor = _acquire(path, folder)
    try:
        owner = {"task": task, "process": os.getpid(), "machine": socket.gethostname()}
        with suppress(OSError):  # a full disk has no room for the name, but the lock holds
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, json.dumps(owner).encode())
        yield
    finally:
        with suppress(OSError):
            path.unlink()  # while it is locked: who waits for this file sees that it is another
        os.close(descriptor)
        with suppress(OSError):  # one that is not empty
            for new_folder in new_folders:
                new_folder.rmdir()


def _acquire(path: Path, folder: Path) -> int:
    """Return the descriptor of the locked file."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        try:
            is_locked = _lock(descriptor)
            owner = _read_owner(descriptor)
            if is_locked is None:  # no locks here: the file alone says who holds the folder
                is_locked = owner is None or _has_ended(owner)
            if not is_locked:
                cure = f"wait until it ends, or name another folder; if it has ended, delete '{path}'"
                fail(f"'{folder}'", "be written by one process at a time", _describe(owner), cure)
            if _is_current(descriptor, path):
                if owner:
                    _logger.warning("'%s' was left by %s, which has ended: taken over", folder, _describe(owner))
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # its owner removed it between opening and locking


def _lock(descriptor: int) -> bool | None:
    """Lock a file; return None where the system or the file system has no locks.

    The lock is the process's own: data workers, which outlive a killed parent for a moment, do not inherit it.
    """
    if fcntl is None:
        return None
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True


def _is_current(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _read_owner(descriptor: int) -> dict[str, Any] | None:
    """Return the owner that a lock file names; None of an empty or damaged file."""
    try:
        owner = json.loads(os.read(descriptor, LONGEST_OWNER))
        return {"task": str(owner["task"]), "process": int(owner["process"]), "machine": str(owner["machine"])}
    except (OSError, ValueError, LookupError, TypeError, RecursionError, OverflowError):
        return None


def _has_ended(owner: dict[str, Any]) -> bool:
    """Return True if the owner ran on this machine and runs no longer; its number may be this process's now."""
    is_here = owner["machine"] == socket.gethostname()
    return is_here and (owner["process"] == os.getpid() or not is_running(owner["process"]))


def _describe(owner: dict[str, Any] | None) -> str:
    if owner is None:
        return "a second one"
    return printable(f"{owner['task']} of process {owner['process']} on '{owner['machine']}'")

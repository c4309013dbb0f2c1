"""Names of half-written files, and the removal of those that killed processes left."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import time
import uuid
import zlib
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from triad.modalities.processes import is_running

PARTIAL_NAME = re.compile(
    r"\.(?P<stem>.+)\.(?:[0-9a-f]{8}|(?P<machine>[0-9a-f]{4})-(?P<pid>[0-9]+)-[0-9a-f]{4})\.partial"
)
"""Names of half-written files: with the machine and the process that writes, or, of earlier versions, without."""
ABANDONED_SECONDS = 24 * 3600
_swept: set[Path] = set()
_lock = threading.Lock()


def partial_path(path: Path) -> Path:
    """Return the path at which this process writes ``path`` before it is whole.

    The suffix stays: encoders choose their container by it.
    """
    token = f"{_machine()}-{os.getpid()}-{uuid.uuid4().hex[:4]}"
    return path.with_name(f".{path.stem}.{token}.partial{path.suffix}")


def remove_partial_files(folder: Path, stems: Container[str]) -> None:
    """Remove the half-written files that killed processes left.

    Args:
        folder: folder of the files.
        stems: names, without suffix, of the files that were to be written.
    """
    for path in folder.glob(".*.partial*"):
        if (match := PARTIAL_NAME.match(path.name)) and match["stem"] in stems:
            path.unlink(missing_ok=True)


def sweep_partial_files(folder: Path) -> None:
    """Remove the half-written files of processes that have ended; a folder is looked at only once.

    Of another machine, or a container with process numbers of its own, nobody here knows whether a process runs: its
    files go when nothing was written to them for :data:`ABANDONED_SECONDS`.
    """
    with _lock:
        if folder in _swept:
            return
        _swept.add(folder)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = PARTIAL_NAME.match(entry.name)
            if match is None:
                continue
            with suppress(OSError):
                if match["machine"] == _machine():
                    is_abandoned = not is_running(int(match["pid"]))
                else:
                    is_abandoned = time.time() - entry.stat(follow_symlinks=False).st_mtime > ABANDONED_SECONDS
                if is_abandoned and entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                elif is_abandoned:
                    os.unlink(entry.path)


def _machine() -> str:
    """Return four digits that stand for the machine, or for the container with process numbers of its own."""
    try:
        numbering = os.readlink("/proc/self/ns/pid")
    except OSError:  # another system than Linux
        numbering = ""
    return f"{zlib.crc32((socket.gethostname() + numbering).encode()) & 0xFFFF:04x}"

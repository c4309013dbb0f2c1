"""Folder of the log of a test, which only reads."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def log_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder for logs, or, where it cannot be written, a temporary one that is removed afterwards.

    Args:
        folder: folder for logs; it is made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_writable = os.access(folder, os.W_OK)
    except OSError:
        is_writable = False
    if is_writable:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="triad-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)

"""Bytes of a skeleton file, and the memory that may be made of them."""

from __future__ import annotations

import codecs
from collections.abc import Sized
from pathlib import Path

from triad.modalities.checks import check_file, fail
from triad.modalities.safe_pickle import ALLOWANCE, CURE


def read_bytes(path: str | Path) -> bytes:
    """Return the content of a file, of text without the byte order mark of UTF-8.

    Raises:
        InputError: If the file is missing, empty or not readable.
    """
    path = check_file("skeleton file", path, "check the path, or download it again")
    try:
        return path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        fail(f"'{path}'", "be readable", str(error))


def check_memory(path: str | Path, needed: int, data: Sized, *, subject: str, times: int = 6) -> None:
    """Refuse a file whose content would take far more memory than the file itself.

    Args:
        path: name of the file in errors.
        needed: number of bytes about to be allocated.
        data: content of the file, or anything as long as its bytes.
        subject: name of what is allocated, in errors.
        times: largest allowed ratio of ``needed`` to the file's size plus a sixth of :data:`ALLOWANCE`.

    Raises:
        InputError: If ``needed`` is larger.
    """
    size = len(data)
    limit = times * (size + ALLOWANCE // 6)
    if needed > limit:
        fail(f"'{path}': {subject}", f"take at most {limit} bytes, for the file has {size}", needed, CURE)

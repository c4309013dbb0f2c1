"""Sizes of zip archives, judged before anything is unpacked: deflate shrinks zeros a thousandfold."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from triad.modalities.checks import fail, printable

SMALL_ARCHIVE = 1 << 26
"""Bytes that any archive may take in memory."""
MAX_RATIO = 50
"""Bytes in memory for a byte of an archive; arrays are written uncompressed here, and the worst bomb has 1,000."""


def check_archive(path: Path, cure: str) -> None:
    """Refuse a zip archive whose entries would take far more memory than the file. Other files pass.

    Args:
        path: path of the file.
        cure: advice in the error.

    Raises:
        InputError: naming both sizes.
    """
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
    except Exception:  # zipfile raises half a dozen kinds; who reads the file says what it is
        return
    check_entries(path, entries, cure)


def check_entries(path: Path, entries: Iterable[ZipInfo], cure: str) -> None:
    """Refuse entries of an archive that together would take far more memory than its file.

    Raises:
        InputError: naming both sizes.
    """
    entries = list(entries)
    check_compressed_sizes(path, entries, cure)
    limit = SMALL_ARCHIVE + MAX_RATIO * path.stat().st_size
    total = sum(entry.file_size for entry in entries)
    if total > limit:
        must = f"unpack to at most {limit} bytes, {MAX_RATIO} times its own size"
        fail(f"'{path}'", must, total, f"write it uncompressed, or {cure}")


def check_compressed_sizes(path: Path, entries: Iterable[ZipInfo], cure: str) -> None:
    """Refuse entries that claim more bytes than the archive has: zipfile allocates them before it reads.

    Raises:
        InputError: naming the entry.
    """
    size = path.stat().st_size
    for entry in entries:
        if entry.compress_size > size:
            got = f"{entry.compress_size} bytes of '{printable(entry.filename, 40)}'"
            fail(f"'{path}'", f"hold entries within its {size} bytes", got, cure)

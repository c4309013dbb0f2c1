from pathlib import Path

import pytest

from triad.modalities.checks import InputError, printable
from triad.modalities.safe_pickle import ALLOWANCE
from triad.modalities.skeleton.readers.file_bytes import check_memory, read_bytes


def test_content_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert read_bytes(tmp_path / "a") == b"abc"
    with pytest.raises(
        InputError, match=r"skeleton file must be a file, got '.*b', which does not exist; check the path"
    ):
        read_bytes(tmp_path / "b")


def test_memory_is_in_proportion() -> None:
    limit = 6 * (10 + ALLOWANCE // 6)
    check_memory("a", limit, bytes(10), subject="poses")
    with pytest.raises(InputError, match=f"'a': poses must take at most {limit} bytes, for the file has 10, got"):
        check_memory("a", limit + 1, bytes(10), subject="poses")


def test_text_becomes_one_short_line() -> None:
    assert printable("a\nb\u2028é") == "a\\nb\\u2028\\xe9"
    assert printable("x" * 200, 5) == "xxxxx…"

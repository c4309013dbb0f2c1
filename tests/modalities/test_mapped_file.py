from __future__ import annotations

import os

import pytest

from triad.modalities.checks import InputError
from triad.modalities.mapped_file import MappedFile


@pytest.fixture
def path(tmp_path):
    (tmp_path / "file").write_bytes(bytes(100))
    return tmp_path / "file"


def test_whole_file_passes(path):
    mapped_file = MappedFile(path, cure="make it again")
    mapped_file.check()
    path.write_bytes(bytes(101))
    mapped_file.check()
    assert mapped_file.size == 100


def test_cut_off_file_is_named(path):
    mapped_file = MappedFile(path, cure="make it again")
    os.truncate(path, 99)
    message = f"'{path}' must keep its 100 bytes while it is read, got 99 of them: another .*; make it again"
    with pytest.raises(InputError, match=message):
        mapped_file.check()


def test_replaced_file_stays_readable(path):
    mapped_file = MappedFile(path, cure="make it again")
    path.with_name("new").write_bytes(b"")
    os.replace(path.with_name("new"), path)
    mapped_file.check()
    path.unlink()
    mapped_file.check()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts open files in /proc")
def test_file_is_closed_with_it(path):
    num_open = len(os.listdir("/proc/self/fd"))
    mapped_file = MappedFile(path, cure="make it again")
    assert len(os.listdir("/proc/self/fd")) == num_open + 1
    del mapped_file
    assert len(os.listdir("/proc/self/fd")) == num_open

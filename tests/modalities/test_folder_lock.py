"""A folder has one writer, who is named; what a dead one left is taken over."""

from __future__ import annotations

import errno
import json
import logging
import os
import socket
import subprocess
import sys

import pytest

from triad.modalities import folder_lock
from triad.modalities.checks import InputError
from triad.modalities.folder_lock import LOCK, lock_folder

HOLD = """
import sys
from triad.modalities.folder_lock import lock_folder
with lock_folder(sys.argv[1], "training"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Process that holds a folder until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "work"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def hold(folder):
    with lock_folder(folder, "training"):
        return json.loads((folder / LOCK).read_text())


def test_lock_names_its_owner_and_goes(tmp_path):
    owner = {"task": "training", "process": os.getpid(), "machine": socket.gethostname()}
    (tmp_path / "notes.txt").touch()
    assert hold(tmp_path) == owner
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_empty_new_folders_go(tmp_path):
    hold(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_second_process_is_refused(holder, tmp_path):
    owner = f"training of process {holder.pid} on '{socket.gethostname()}'; wait until it ends, or name another folder"
    with pytest.raises(InputError, match=rf"work' must be written by one process at a time, got {owner}"):
        hold(tmp_path / "work")


def test_killed_owner_is_taken_over(holder, tmp_path, caplog):
    holder.kill()
    holder.wait()
    assert hold(tmp_path / "work")["process"] == os.getpid()
    [line] = caplog.messages
    assert line.endswith(
        f"was left by training of process {holder.pid} on '{socket.gethostname()}', which has ended: taken over"
    )
    assert caplog.records[0].levelno == logging.WARNING


def test_owner_counts_without_locks(holder, tmp_path, monkeypatch):
    """On a file system without locks the file alone is the lock."""

    def refuse(*arguments):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(folder_lock.fcntl, "lockf", refuse)
    with pytest.raises(InputError, match=f"got training of process {holder.pid} on"):
        hold(tmp_path / "work")
    holder.kill()
    holder.wait()
    assert hold(tmp_path / "work")["process"] == os.getpid()


def test_other_machine_counts_without_locks(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_lock, "fcntl", None)
    owner = {"task": "training", "process": 2**22 + 1, "machine": "elsewhere"}
    (tmp_path / LOCK).write_text(json.dumps(owner))
    with pytest.raises(InputError, match=rf"on 'elsewhere'; .* if it has ended, delete '{tmp_path / LOCK}'"):
        hold(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 9000, b"7", b'{"process": 1e999}', b"null"])
def test_damaged_lock_file_is_taken(tmp_path, content):
    (tmp_path / LOCK).write_bytes(content)
    assert hold(tmp_path)["process"] == os.getpid()


def test_unwritable_place_is_one_line():
    with pytest.raises(InputError, match=r"cannot write '/proc/triad/\.lock'"):
        hold(folder_lock.Path("/proc/triad"))

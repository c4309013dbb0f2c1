"""Half-written files of processes that have ended go; those of running processes stay."""

import os
import subprocess
import sys
import time

from triad.modalities.atomic_files import atomic_write
from triad.modalities.partial_files import PARTIAL_NAME, partial_path, remove_partial_files, sweep_partial_files

WRITE = """
import os, sys
from pathlib import Path
from triad.modalities.partial_files import partial_path
path = partial_path(Path(sys.argv[1]))
path.touch()
print(path.name)
"""


def write_and_die(path):
    process = subprocess.run([sys.executable, "-c", WRITE, path], capture_output=True, text=True, check=True)
    return process.stdout.strip()


def test_names_keep_stem_and_suffix(tmp_path):
    path = partial_path(tmp_path / "a.b.mp4")
    match = PARTIAL_NAME.match(path.name)
    assert (match["stem"], match["pid"], path.suffix) == ("a.b", str(os.getpid()), ".mp4")


def test_remove_takes_named_files_only(tmp_path):
    own = partial_path(tmp_path / "a.npz")
    for name in (own.name, ".a.0123abcd.partial.npz", ".b.0123abcd.partial.npz", "a.npz"):
        (tmp_path / name).touch()
    remove_partial_files(tmp_path, {"a"})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.0123abcd.partial.npz", "a.npz"]


def test_writer_sweeps_files_of_dead_processes(tmp_path):
    abandoned = write_and_die(tmp_path / "x.json")
    running = partial_path(tmp_path / "y.json")
    running.touch()
    elsewhere = f".z.{'0000' if '.0000-' not in abandoned else '1111'}-1-abcd.partial.json"
    (tmp_path / elsewhere).touch()
    with atomic_write(tmp_path / "a.txt") as temporary:
        temporary.write_text("a")
    assert not (tmp_path / abandoned).exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([running.name, elsewhere, "a.txt"])


def test_old_files_of_other_machines_go(tmp_path):
    written = {}
    for name, hours in ((".a.9999-1-abcd.partial.json", 25), (".b.9999-1-abcd.partial.json", 23)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - 3600 * hours,) * 2)
        written[hours] = name
    sweep_partial_files(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [written[23]]


def test_half_written_folders_go(tmp_path):
    abandoned = tmp_path / write_and_die(tmp_path / "x")
    abandoned.unlink()
    abandoned.mkdir()
    (abandoned / "file").touch()
    sweep_partial_files(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_folder_is_swept_once(tmp_path):
    sweep_partial_files(tmp_path)
    abandoned = write_and_die(tmp_path / "x.json")
    sweep_partial_files(tmp_path)
    assert (tmp_path / abandoned).exists()

"""Commands killed at random moments: nothing is lost or half-written, and run again they give the undisturbed result.

The environment variable TRIAD_KILLS is the number of kills of all commands together (60). With TRIAD_KILLS_FOLDER, a
run that was itself ended goes on where it was: ``TRIAD_KILLS=1000 TRIAD_KILLS_FOLDER=work_dirs/kills
pytest -m slow tests/tools/test_random_kills.py`` takes about an hour.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_server import CommandServer
from random_kills import COMMANDS, KilledCommand, write_inputs

NUM_KILLS = int(os.environ.get("TRIAD_KILLS", "60"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="starts commands by forking, counts them in /proc"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[CommandServer]:
    server = CommandServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def folder(tiny: Path, server: CommandServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the counts, with what the commands read in ``inputs``."""
    folder = Path(os.environ.get("TRIAD_KILLS_FOLDER") or tmp_path_factory.mktemp("kills")).absolute()
    shutil.rmtree(folder / "inputs", ignore_errors=True)
    write_inputs(tiny, folder / "inputs", server)
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_killed_command_finishes_undisturbed(server, folder, name):
    command = KilledCommand(name, server, folder / "inputs", folder / name)
    while command.counts["kills"] < NUM_KILLS // len(COMMANDS) or not command.counts["compared"]:
        command.kill_once()
    print(f"{name}: {command.counts['kills']} kills, {command.counts['compared']} finished runs compared")

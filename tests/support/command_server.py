"""Process that imports the libraries once and starts commands by forking, so that a thousand starts take no hour.

A command is a line of JSON on standard input, ``{"words", "folder", "log"}``; the answers are lines with the number of
its process and, when it has ended, its exit code (negative for a signal).
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

MODULES = (
    "triad.fusion.datasets",
    "triad.fusion.evaluation",
    "triad.fusion.evaluation.report",
    "triad.fusion.late_fusion",
    "triad.fusion.training.config",
    "triad.fusion.training.runner",
    "triad.tools.ablate",
    "triad.tools.extract_run",
    "triad.tools.fuse",
    "triad.tools.prepare",
    "triad.tools.test",
    "triad.tools.train",
)
"""Modules that are imported before the first command."""


class CommandServer:
    """Starts commands of ``triad`` one after another, each in a process and a session of its own."""

    def __init__(self) -> None:
        environment = os.environ | {"OMP_NUM_THREADS": "1"}  # threads do not survive a fork
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=0
        )
        self._read_line()

    def start(self, words: list[str], *, folder: Path, log: Path) -> int:
        """Start a command in a folder and return its process; its output goes to a log file."""
        request = {"words": words, "folder": str(folder), "log": str(log)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        return int(self._read_line())

    def wait(self, seconds: float | None = None) -> int | None:
        """Return the exit code of the command, or None if it still runs after some seconds."""
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        return int(self._read_line()) if ready else None

    def kill(self, process: int) -> int:
        """Kill the command, and wait until its workers are gone too; return its exit code, -9 if it was killed."""
        os.kill(process, signal.SIGKILL)  # one that has ended keeps its number until the next command
        code = self.wait()
        assert code is not None
        deadline = time.monotonic() + 60
        while running_processes(process):
            assert time.monotonic() < deadline, "workers outlive their killed parent"
            time.sleep(0.01)
        return code

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _read_line(self) -> bytes:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the server of commands has ended"
        return line


def running_processes(session: int) -> list[int]:
    """Return the processes of a session without zombies."""
    processes = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, process_session = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:  # it has just ended
            continue
        if int(process_session) == session and state != "Z":
            processes.append(int(stat.parent.name))
    return processes


def run_command(words: list[str], folder: str, log: str) -> None:
    """Run a command in this process, which has just been forked, and end."""
    os.setsid()
    os.write(1, f"{os.getpid()}\n".encode())
    os.chdir(folder)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for output in (1, 2):
        os.dup2(descriptor, output)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["triad", *words]
    from triad.__main__ import main

    code = 70
    try:
        main()
        code = 0
    except SystemExit as exit_info:
        code = exit_info.code if isinstance(exit_info.code, int) else int(exit_info.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    """Import the libraries, then answer requests until standard input ends."""
    from importlib import import_module

    import torch

    torch.set_num_threads(1)
    for name in MODULES:
        import_module(name)
    print("ready", flush=True)
    process = 0
    while line := os.read(0, 1 << 16):
        request = json.loads(line)
        if process:
            os.waitpid(process, 0)
        process = os.fork()
        if not process:
            run_command(**request)
        ended = os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        os.write(1, f"{code}\n".encode())


if __name__ == "__main__":
    serve()

"""Shared parts of the commands: errors as one line, exit codes, progress bars and JSON output.

Exit code 1 is an error that the user can fix, exit code 2 wrong usage.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import shlex
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from triad.modalities.atomic_files import to_storage_error
from triad.modalities.checks import InputError
from triad.modalities.safe_text import terminal_text

T = TypeVar("T")

LINE_SECONDS = 30
"""Seconds from one line of progress to the next in a log file."""

# Waiting threads must not occupy the core that a data worker needs. torch reads this when it is imported, so commands
# import this module first.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# glibc returns freed memory to the kernel, which clears it again for the next batch. Keep it (M_TRIM_THRESHOLD,
# M_TOP_PAD, M_MMAP_THRESHOLD); other systems have no mallopt.
if hasattr(libc := ctypes.CDLL(None), "mallopt"):
    for setting, size in ((-1, 2**31 - 1), (-2, 2**28), (-3, 2**25)):
        libc.mallopt(setting, size)
# Warnings of one library to another, about which a user can do nothing
for message in ("torch.jit", "broadcast_buffers", "NUM_THREADS environment variable"):
    warnings.filterwarnings("ignore", message=f".*{message}.*")


class TextConsole(Console):
    """rich's console that prints text of files as it is: without markup, and without what a terminal obeys."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(terminal_text(text), **{**options, "markup": False, "emoji": False})


class _SafeFormatter(logging.Formatter):
    """Formatter of log lines, which name files and classes."""

    def format(self, record: logging.LogRecord) -> str:
        return terminal_text(super().format(record))


def echo(text: object = "", *, err: bool = False) -> None:
    """Print a line of text that may come from files; what a terminal would obey is escaped.

    Args:
        text: line to print.
        err: print on standard error.
    """
    click.echo(terminal_text(str(text)), err=err)


def command_line() -> str:
    """Return the running command as a user types it: ``triad NAME …``."""
    script = Path(sys.argv[0])
    name = [script.stem] if script.suffix == ".py" and script.stem != "__main__" else []
    return shlex.join(["triad", *name, *sys.argv[1:]])


def return_memory() -> None:
    """Return freed memory to the kernel again, for commands that must stay small (undoes the settings above).

    The frames of a large video pass from thread to thread, and every thread would keep memory that it freed.
    """
    if hasattr(libc, "mallopt"):
        for setting, size in ((-1, 2**26), (-3, 2**20), (-8, 2)):  # also M_ARENA_MAX
            libc.mallopt(setting, size)


def run(command: click.Command) -> None:
    """Run a click command; an error that the user can fix is printed as one line on standard error."""
    script, here = Path(sys.argv[0]).resolve(), Path(__file__).resolve()
    if script.suffix == ".py" and script.parent.name == here.parent.name and script.parent != here.parent:
        echo(f"error: '{script}' is not of the installed triad, {here.parents[1]}; pip install -e its clone", err=True)
        sys.exit(1)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_SafeFormatter("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    # one line a file: what matched, which checkpoint was chosen
    for name in ("triad.modalities.weights", "triad.fusion"):
        logging.getLogger(name).setLevel(logging.INFO)
    logging.raiseExceptions = False  # a log on a full disk must not bury the line that says so
    try:
        code = command.main(standalone_mode=False)
    except click.ClickException as error:  # wrong usage
        error.message = terminal_text(error.message)  # type: ignore[misc]  # click calls it final
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        echo("interrupted; finished work is kept, run the same command again to continue", err=True)
        sys.exit(1)
    except Exception as error:
        line = explain(error)
        if line is None:
            raise
        echo(f"error: {line}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def explain(error: Exception) -> str | None:
    """Return one line for an error that the user can fix; None for a bug, which keeps its traceback."""
    text = str(error)
    if isinstance(error, InputError):  # torch adds a worker's traceback; the last line is ours
        return text.rpartition("InputError: ")[2].strip() if text.startswith("Caught InputError") else text
    if isinstance(error, OSError):
        write_error = to_storage_error(error, error.filename or Path.cwd())
        return str(write_error) if write_error else None
    if text.startswith("DataLoader worker") and "killed" in text:
        cure = "close other programs, or read with fewer: --cfg-options train_dataloader.num_workers=0"
        if "Bus error" in text:  # torch names shared memory alone
            cure = "make room in /dev/shm, or look for a file of the dataset that was cut off (triad prepare --check)"
        return f"{text.partition('. ')[0]}; {cure}"
    return None


class _Rate(ProgressColumn):
    """Column with the units done per second; empty at first."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.unit = unit

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.3g} {self.unit}/s" if speed else "")


def progress(
    items: Sequence[T] | Iterable[T],
    *,
    label: str,
    total: int | None = None,
    unit: str = "",
    size: Callable[[T], int] = lambda _: 1,
) -> Iterable[T]:
    """Yield the items with a progress bar on standard error: done, total, elapsed, remaining and rate.

    Where standard error is no terminal but a log file, a plain line is printed every :data:`LINE_SECONDS` instead.

    Args:
        items: items to iterate over.
        label: name of the work, before the bar.
        total: sum of all sizes; by default the number of items.
        unit: unit of the sizes, for the rate.
        size: function that returns the size of an item; by default every item counts 1.
    """
    total = total if total is not None else len(items)  # type: ignore[arg-type]
    if not sys.stderr.isatty():
        yield from _progress_lines(items, label, total, unit, size)
        return
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, _Rate(unit), console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=total)
        for item in items:
            yield item
            bar.advance(task, size(item))


def _progress_lines(items: Iterable[T], label: str, total: int, unit: str, size: Callable[[T], int]) -> Iterable[T]:
    """Yield the items and print a line now and then; :func:`progress` explains the arguments."""
    begin = printed = time.monotonic()
    done = 0
    for item in items:
        yield item
        done += size(item)
        now = time.monotonic()
        if now - printed >= LINE_SECONDS:
            printed = now
            rate = done / (now - begin)
            left = timedelta(seconds=round((total - done) / rate)) if rate else "unknown time"
            echo(f"{label}: {done}/{total} {unit}".rstrip() + f", {rate:.3g}/s, {left} left", err=True)


def print_json(document: Any) -> None:
    """Print the one JSON document of ``--json`` on standard output."""
    echo(json.dumps(document, indent=1, ensure_ascii=False))


class VariadicOptions(click.Command):
    """Command whose ``multiple`` options also take several values at once: ``--fit a b`` means ``--fit a --fit b``.

    click options have no ``nargs="+"``. A value that begins with ``-`` needs the option name before it.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = [option for option in self.params if getattr(option, "multiple", False)]
        names = {name for option in options for name in option.opts}
        expanded: list[str] = []
        current = None
        for position, word in enumerate(args):
            if word.startswith("-"):
                current = word if word in names else None
            elif current and args[position - 1] != current:
                expanded.append(current)
            expanded.append(word)
        return super().parse_args(ctx, expanded)


def checkpoints_option(*, required: bool = True) -> Callable[..., Any]:
    """Return the option that names the checkpoints of models whose scores are fused."""
    return click.option(
        "--checkpoint",
        "checkpoints",
        multiple=True,
        required=required,
        metavar="K...",
        help="Work folder, checkpoint file, or exported .onnx file; the scores of several models are fused.",
    )


last_option: Callable[..., Any] = click.option(
    "--last", is_flag=True, help="Take the last checkpoint of a work folder, not the one that validation chose."
)
launcher_option: Callable[..., Any] = click.option(
    "--launcher",
    type=click.Choice(["none", "pytorch", "slurm", "mpi"]),
    help="What starts the processes of several GPUs (default: pytorch under torchrun, else none).",
)
json_option: Callable[..., Any] = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document on standard output, logs on standard error."
)

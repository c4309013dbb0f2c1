"""What every command shares: one line for what the user must mend, exit code 1; wrong usage, exit code 2."""

from __future__ import annotations

import ctypes
import json
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

# `python tools/x.py` puts tools/ first on the path; the packages lie beside it
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

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

from modalities.atomic_files import cannot_write
from modalities.checks import InputError

T = TypeVar("T")

# Threads that wait must not burn the core that a data worker needs. Read when torch is imported, so commands import
# this module first.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# glibc hands freed memory back to the kernel, which clears it again for the next batch. Keep it (M_TRIM_THRESHOLD,
# M_TOP_PAD, M_MMAP_THRESHOLD); other systems have no mallopt.
if hasattr(libc := ctypes.CDLL(None), "mallopt"):
    for setting, size in ((-1, 2**31 - 1), (-2, 2**28), (-3, 2**25)):
        libc.mallopt(setting, size)
# Between libraries that we use; nothing that a user could change
for said in ("torch.jit", "broadcast_buffers", "NUM_THREADS environment variable"):
    warnings.filterwarnings("ignore", message=f".*{said}.*")


def return_memory() -> None:
    """Give large blocks back when they are freed: for what must stay small, not fast (undoes the settings above).

    The frames of a large video pass from thread to thread, each of which would keep a share of what it freed.
    """
    if hasattr(libc, "mallopt"):
        for setting, size in ((-1, 2**26), (-3, 2**20), (-8, 2)):  # also M_ARENA_MAX
            libc.mallopt(setting, size)


def run(command: click.Command) -> None:
    """Run a click command; what the user can mend becomes one line on standard error."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    logging.raiseExceptions = False  # a log that finds no room must not bury the line that says so
    try:
        code = command.main(standalone_mode=False)
    except click.ClickException as error:  # wrong usage
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; what is finished is kept, run the same command again to go on", err=True)
        sys.exit(1)
    except Exception as error:
        line = explain(error)
        if line is None:
            raise
        click.echo(f"error: {line}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def explain(error: Exception) -> str | None:
    """One line for an error that the user can mend; None for a bug, which keeps its traceback."""
    text = str(error)
    if isinstance(error, InputError):  # torch hands on a worker's error with its traceback: the last line is ours
        return text.rpartition("InputError: ")[2].strip() if text.startswith("Caught InputError") else text
    if isinstance(error, OSError):
        known = cannot_write(error, error.filename or Path.cwd())
        return str(known) if known else None
    if text.startswith("DataLoader worker") and "killed" in text:
        first = text.partition(". ")[0]
        return f"{first}; close other programs, or read with fewer: --cfg-options train_dataloader.num_workers=0"
    return None


class _Rate(ProgressColumn):
    """What is done a second; nothing until it is known."""

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
    """Iterate with a bar on standard error: done of total, elapsed, remaining, and how many a second.

    Args:
        items: to iterate over.
        label: what is being done.
        total: sum of all sizes; by default the number of items.
        unit: of sizes.
        size: of an item, so that the rest is told by work, not by number.
    """
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, _Rate(unit), console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=total if total is not None else len(items))  # type: ignore[arg-type]
        for item in items:
            yield item
            bar.advance(task, size(item))


def print_json(document: Any) -> None:
    """The one document of ``--json`` on standard output."""
    click.echo(json.dumps(document, indent=1, ensure_ascii=False))


class VariadicOptions(click.Command):
    """A command whose repeatable options also take several values at once: ``--fit a b`` is ``--fit a --fit b``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        repeatable = {name for option in self.params if getattr(option, "multiple", False) for name in option.opts}
        spread: list[str] = []
        current = None
        for position, word in enumerate(args):
            if word.startswith("-"):
                current = word if word in repeatable else None
            elif current and args[position - 1] != current:
                spread.append(current)
            spread.append(word)
        return super().parse_args(ctx, spread)


json_option: Callable[..., Any] = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document on standard output, logs on standard error."
)

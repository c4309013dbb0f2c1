"""What every command shares: one line for what the user must mend, exit code 1; wrong usage, exit code 2."""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

# Threads that wait must not burn the core that a data worker needs: ten times faster on two busy cores
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# torch.jit is announced as deprecated by libraries we use, not by anything a user can change
warnings.filterwarnings("ignore", category=FutureWarning, message=".*torch.jit.*")
# `python tools/x.py` puts tools/ first on the path; the packages lie beside it
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from modalities.checks import InputError

T = TypeVar("T")


def run(command: click.Command) -> None:
    """Run a click command; an :class:`InputError` becomes its one line on standard error."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    try:
        command()
    except InputError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("interrupted; what is finished is kept, run the same command again to go on", err=True)
        sys.exit(1)


def progress(items: Sequence[T] | Iterable[T], *, label: str, total: int | None = None) -> Iterable[T]:
    """Iterate with a bar on standard error: done of total, elapsed, remaining."""
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield from bar.track(items, total=total if total is not None else len(items))  # type: ignore[arg-type]


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

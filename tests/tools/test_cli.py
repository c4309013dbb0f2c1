"""Shared parts of the commands: exit codes, errors as one line, and options that take several values."""

from __future__ import annotations

import errno
import sys

import click
import pytest
from rich.table import Table
from tool_runs import ROOT

from triad.modalities.checks import InputError


@pytest.fixture
def cli(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import cli

    return cli


@pytest.fixture
def run(cli, capsys, monkeypatch):
    """Run a command that raises or returns ``result``; return exit code and standard error."""

    def run(result: object = None) -> tuple[int, str]:
        @click.command()
        def command() -> object:
            if isinstance(result, BaseException):
                raise result
            return result

        monkeypatch.setattr(sys, "argv", ["command"])
        with pytest.raises(SystemExit) as exit_info:
            cli.run(command)
        return exit_info.value.code, capsys.readouterr().err

    return run


@pytest.mark.parametrize(("result", "code"), [(None, 0), ("a value", 0), (3, 3)])
def test_returned_number_is_exit_code(run, result, code):
    assert run(result) == (code, "")


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (InputError("x must be 1, got 2; give 1"), 1, "error: x must be 1, got 2; give 1\n"),
        (click.UsageError("give --data"), 2, "Error: give --data\n"),
        (KeyboardInterrupt(), 1, "interrupted; finished work is kept, run the same command again to continue\n"),
        (OSError(errno.ENOSPC, "No space left on device", "/d/f"), 1, "error: cannot write '/d/f': No space left on"),
    ],
)
def test_expected_errors_are_one_line(run, error, code, message):
    actual_code, err = run(error)
    assert actual_code == code
    assert message in err
    assert "Traceback" not in err


def test_bugs_keep_their_traceback(cli, monkeypatch):
    @click.command()
    def command() -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(sys, "argv", ["command"])
    with pytest.raises(ZeroDivisionError, match="a bug"):
        cli.run(command)


def test_worker_error_is_its_last_line(cli):
    """Of an error in a data worker torch gives the traceback; the last line is the message."""
    text = "Caught InputError in DataLoader worker process 0.\nTraceback …\nmodalities.checks.InputError: a; b"
    assert cli.explain(InputError(text)) == "a; b"


def test_killed_worker_names_the_option(cli):
    error = RuntimeError("DataLoader worker (pid 7) is killed by signal: Killed. It is possible that …")
    assert cli.explain(error) == (
        "DataLoader worker (pid 7) is killed by signal: Killed; close other programs, or read with fewer: "
        "--cfg-options train_dataloader.num_workers=0"
    )


def test_bus_error_names_both_causes(cli):
    error = RuntimeError("DataLoader worker (pid 7) is killed by signal: Bus error. It is possible that …")
    assert cli.explain(error) == (
        "DataLoader worker (pid 7) is killed by signal: Bus error; make room in /dev/shm, or look for a file of the "
        "dataset that was cut off (triad prepare --check)"
    )


@pytest.mark.parametrize(
    ("words", "fit", "files"),
    [
        ("a --fit b c", ("b", "c"), ("a",)),
        ("a --fit b --fit c", ("b", "c"), ("a",)),
        ("--fit b c --name x a", ("b", "c"), ("a",)),
        ("a d", (), ("a", "d")),
    ],
)
def test_option_takes_several_values(cli, words, fit, files):
    @click.command(cls=cli.VariadicOptions)
    @click.argument("files", nargs=-1)
    @click.option("--fit", multiple=True)
    @click.option("--name")
    def command(files: tuple[str, ...], fit: tuple[str, ...], name: str | None) -> tuple:
        return fit, files

    assert command.main(words.split(), standalone_mode=False) == (fit, files)


def test_progress_in_a_log_is_plain_lines(cli, capsys, monkeypatch):
    seconds = iter([0, 10, 40, 50])
    monkeypatch.setattr(cli.time, "monotonic", lambda: next(seconds))
    assert list(cli.progress([2, 2, 4], label="reading", unit="MB", size=lambda item: item, total=8)) == [2, 2, 4]
    assert capsys.readouterr().err == "reading: 4/8 MB, 0.1/s, 0:00:40 left\n"


def test_progress_bar_yields_all_items(cli, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert list(cli.progress([2, 3], label="reading", unit="MB", size=lambda item: item, total=5)) == [2, 3]
    assert "reading" in capsys.readouterr().err


def test_terminal_obeys_no_names(cli, run, capsys):
    cli.echo("clip \x1b[2J")
    assert capsys.readouterr().out == "clip \\u001b[2J\n"
    assert run(InputError("class '\x9b31m' must be known"))[1] == "error: class '\\u009b31m' must be known\n"
    assert "\x1b" not in run(click.UsageError("no such option \x1b[2J"))[1]


def test_tables_show_names_as_they_are(cli, capsys):
    table = Table("class [/x]", title="[/y] \x1b[2J")
    table.add_row("[bold]drink[/x] \x1b[2J")
    cli.TextConsole(width=80).print(table)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "[bold]drink[/x] \\u001b[2J" in out
    assert "class [/x]" in out

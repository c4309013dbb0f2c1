"""Checks of dependencies that stand alone: whatever one of them raises, the others run."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from importlib.metadata import PackageNotFoundError
from typing import Any, NamedTuple

SETUP_COMMAND = "make setup"


class MissingError(Exception):
    """Raised when a dependency is not installed; any other error means that it is installed and broken."""


class Check(NamedTuple):
    """Check of one dependency.

    Attributes:
        name: name of the dependency.
        probe: function that tries it and returns a detail, such as its version, or raises an error.
        cure: command that repairs it.
        required: whether the project needs it.
    """

    name: str
    probe: Callable[[], str]
    cure: str = SETUP_COMMAND
    required: bool = True


def examine(checks: Sequence[Check]) -> dict[str, Any]:
    """Run every check, whatever the others do, and return their results as a JSON document.

    It holds ``ok``, false where a required dependency does not work, and under ``checks`` for each its ``name``,
    ``status`` (``ok``, ``missing`` or ``broken``), ``detail`` and ``cure``, empty where nothing is to be repaired.
    """
    rows = []
    ok = True
    for check in checks:
        status, detail = _run(check)
        ok = ok and (status == "ok" or not check.required)
        detail += "" if status == "ok" or check.required else " (optional)"
        cure = "" if status == "ok" else check.cure
        rows.append({"name": check.name, "status": status, "detail": detail, "cure": cure})
    return {"ok": ok, "checks": rows}


def _run(check: Check) -> tuple[str, str]:
    try:
        with warnings.catch_warnings(), redirect_stdout(sys.stderr):
            warnings.simplefilter("ignore")
            return "ok", check.probe()
    except PackageNotFoundError as error:
        return "missing", f"{error.name} is not installed"
    except MissingError as error:
        return "missing", str(error)
    except Exception as error:
        return "broken", f"{type(error).__name__}: {error}".splitlines()[0]

"""Versions that Triad requires, against those that are installed."""

from __future__ import annotations

import platform
from importlib.metadata import metadata, requires, version

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet


def required_version(name: str) -> str:
    """Return the installed version of a distribution.

    Args:
        name: name of the distribution.

    Raises:
        PackageNotFoundError: If it is not installed.
        RuntimeError: If Triad does not allow the version.
    """
    installed = version(name)
    for requirement in map(Requirement, requires("triad") or ()):
        if requirement.name == name and not requirement.specifier.contains(installed):
            raise RuntimeError(f"{name} {installed} is installed, Triad requires {requirement.specifier}")
    return installed


def check_python() -> str:
    """Return the version of the running Python.

    Raises:
        RuntimeError: If Triad does not allow it.
    """
    running = platform.python_version()
    required = str(metadata("triad").json.get("requires_python", ""))  # absent in an environment made by hand
    if not SpecifierSet(required).contains(running):
        raise RuntimeError(f"Python {running} is running, Triad requires {required}")
    return running

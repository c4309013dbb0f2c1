"""Versions that ``setup.cfg`` requires, against those that are installed."""

from __future__ import annotations

import platform
from configparser import ConfigParser
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

SETUP = Path(__file__).resolve().parents[2] / "setup.cfg"


def required_version(name: str) -> str:
    """Return the installed version of a distribution.

    Args:
        name: name of the distribution.

    Raises:
        PackageNotFoundError: If it is not installed.
        RuntimeError: If ``setup.cfg`` does not allow the version.
    """
    installed = version(name)
    setup = _read_setup_cfg()
    lines = [setup["options"]["install_requires"], *setup["options.extras_require"].values()]
    requirements = [Requirement(line) for line in "\n".join(lines).splitlines() if line and not line.startswith("#")]
    for requirement in requirements:
        if requirement.name == name and not requirement.specifier.contains(installed):
            raise RuntimeError(f"{name} {installed} is installed, setup.cfg requires {requirement.specifier}")
    return installed


def _read_setup_cfg() -> ConfigParser:
    setup = ConfigParser()
    setup.read(SETUP, "utf-8")
    return setup


def check_python() -> str:
    """Return the version of the running Python.

    Raises:
        RuntimeError: If ``setup.cfg`` does not allow it.
    """
    running = platform.python_version()
    required = _read_setup_cfg()["options"]["python_requires"]
    if not SpecifierSet(required).contains(running):
        raise RuntimeError(f"Python {running} is running, setup.cfg requires {required}")
    return running

"""The checkpoint from which a training goes on, also where the file that names it is broken."""

from __future__ import annotations

import logging
import re
from pathlib import Path, PureWindowsPath
from typing import Any

from mmengine.config import Config

from triad.modalities.checks import InputError, fail, printable
from triad.modalities.safe_load import read_tensors

POINTER = "last_checkpoint"
LONGEST_POINTER = 4096
"""Characters of a path that are read of ``last_checkpoint``."""
_CURE = "train again into another folder"
_logger = logging.getLogger(__name__)


def find_last_checkpoint(folder: str | Path) -> Path | None:
    """Return the last checkpoint of a work folder, None if it holds none.

    This is the one that ``last_checkpoint`` names. Where that file is missing, empty or broken, or what it names is
    missing or damaged, it is the newest sound checkpoint of the folder, and a line says so.

    Raises:
        InputError: If there are checkpoints, but no sound one.
    """
    folder = Path(folder)
    named, problem = _read_pointer(folder)
    if named is not None and problem is None:
        return named
    files = [path for path in folder.glob("*.pth") if re.fullmatch(r"(epoch|iter)_\d+", path.stem)]
    if not files:
        if named is not None:
            fail(f"'{folder / POINTER}'", "name a checkpoint that is there", problem, _CURE)
        return None
    sound = [(_time_of(path), number_in(path), path) for path in files if _problem_of(path) is None]
    if not sound:
        fail(f"work folder '{folder}'", "hold a sound checkpoint", f"{len(files)} damaged", _CURE)
    newest = max(sound)[-1]
    _logger.warning("'%s' is %s: '%s' is taken, the newest sound checkpoint", folder / POINTER, problem, newest)
    return newest


def resume_from(config: Config, folder: str | Path) -> bool:
    """Let a training of a config go on from the last checkpoint of a folder; return False where there is none.

    Raises:
        InputError: If there are checkpoints, but no sound one.
    """
    checkpoint = find_last_checkpoint(folder)
    if checkpoint is None:
        return False
    config.resume = True
    config.load_from = str(checkpoint)
    return True


def number_in(file: Path) -> int:
    """Return the epoch or iteration in the name of a checkpoint."""
    number = re.search(r"_(\d+)$", file.stem)
    return int(number[1]) if number else -1


def _read_pointer(folder: Path) -> tuple[Path | None, str | None]:
    """Return the file that ``last_checkpoint`` names, and what is wrong, None if nothing is."""
    pointer = folder / POINTER
    try:
        with pointer.open(encoding="utf-8", errors="replace") as file:
            text = file.read(LONGEST_POINTER).strip()
    except FileNotFoundError:
        return None, "missing"
    except OSError as error:
        return None, f"unreadable ({error.strerror})"
    name = PureWindowsPath(text).name  # of either system
    if not name:
        return None, "empty"
    if not name.endswith(".pth") or not name.isprintable():
        return None, "broken"
    problem = _problem_of(folder / name)
    return folder / name, problem and f"of '{printable(name)}', which is {problem}"


def _problem_of(path: Path) -> str | None:
    """Return what is wrong with a checkpoint, None of a sound one."""
    if not path.is_file():
        return "missing"
    try:
        checkpoint = read_tensors(path, subject="checkpoint", cure=_CURE)
    except InputError:
        return "damaged"
    return None if isinstance(checkpoint, dict) and "state_dict" in checkpoint else "no checkpoint"


def _time_of(path: Path) -> str:
    checkpoint: dict[str, Any] = read_tensors(path, subject="checkpoint", cure=_CURE)
    meta = checkpoint.get("meta")
    return str(meta.get("time", "")) if isinstance(meta, dict) else ""

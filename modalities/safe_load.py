"""Loading of torch files without running code from them."""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch

from triad.modalities.archive_size import check_archive
from triad.modalities.checks import check_file, fail
from triad.modalities.file_kinds import describe_kind


def read_tensors(path: str | Path, *, subject: str, cure: str, arrays: bool = False) -> Any:
    """Return what ``torch.save`` has written, on the CPU: tensors and plain values.

    Args:
        path: path of the file.
        subject: name of the file in the error, e.g. ``"checkpoint"``.
        cure: advice to the user.
        arrays: allow numpy's arrays of numbers as well, which checkpoints of OpenMMLab hold.

    Raises:
        InputError: If the file is missing, damaged, or holds anything else.
    """
    path = check_file(subject, path, cure)
    check_archive(path, cure)
    allowed = torch.serialization.safe_globals(_array_globals()) if arrays else nullcontext()
    try:
        with allowed, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's, that it would open a program with torch.jit.load
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception:  # pickle, zip and torch raise half a dozen kinds; torch's text advises to run what is in the file
        fail(f"{subject} '{path}'", "load with weights_only=True", describe_content(path), cure)


def describe_content(path: Path) -> str:
    """Return in words what a file seems to be that is no file of tensors."""
    kind = describe_kind(path)
    if kind in ("weights of PyTorch", "a pickle of Python"):
        return "a file that holds more than tensors and plain values, or is damaged"
    if kind is not None:
        return kind
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    return "a file that is cut off" if is_zip else "a file of another kind"


def _array_globals() -> list[Any]:
    """Return the names in pickles of numpy's arrays of numbers; none of them runs anything."""
    dtypes = [type(np.dtype(code)) for code in ("?", *np.typecodes["AllInteger"], *np.typecodes["Float"])]
    multiarray = np._core.multiarray  # type: ignore[attr-defined]
    functions = [
        (getattr(multiarray, name), f"numpy.{core}.multiarray.{name}")
        for name in ("_reconstruct", "scalar")
        for core in ("core", "_core")  # before numpy 2, and since
    ]
    return [np.ndarray, np.dtype, *dict.fromkeys(dtypes), *functions]

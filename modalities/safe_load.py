"""Loading of torch files without running code from them."""

from __future__ import annotations

import warnings
import zipfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch

from modalities.checks import check_file, fail


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
    allowed = torch.serialization.safe_globals(_array_globals()) if arrays else nullcontext()
    try:
        with allowed, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's, that it would open a program with torch.jit.load
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception:  # pickle, zip and torch raise half a dozen kinds; torch's text advises to run what is in the file
        fail(f"{subject} '{path}'", "load with weights_only=True", describe_content(path), cure)


def describe_content(path: Path) -> str:
    """Return in words what a file seems to be that is no file of tensors."""
    with path.open("rb") as file:
        start = file.read(256).lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "a web page instead of the file"
    if start.startswith(b"version https://git-lfs"):
        return "a pointer of Git LFS instead of the file"
    if start.startswith(b"pk"):
        try:
            names = zipfile.ZipFile(path).namelist()
        except zipfile.BadZipFile:
            return "a file that is cut off or damaged"
        if any(name.endswith("constants.pkl") for name in names):
            return "a TorchScript program, which is code"
    return "a file that is damaged or holds more than tensors and plain values"


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

"""Files of torch, read without running code from them."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch

from modalities.checks import check_file, fail


def read_tensors(path: str | Path, *, what: str, cure: str, arrays: bool = False) -> Any:
    """What ``torch.save`` wrote, on the CPU: tensors and plain values, nothing else.

    Args:
        path: of the file.
        what: what the message calls it, e.g. ``"checkpoint"``.
        cure: what the user can do.
        arrays: whether there may be numpy's arrays of numbers as well, as in checkpoints of OpenMMLab.

    Raises:
        InputError: if the file is missing, damaged, or holds more than tensors and plain values.
    """
    path = check_file(what, path, cure)
    allowed = torch.serialization.safe_globals(_array_parts()) if arrays else nullcontext()
    try:
        with allowed:
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception:  # pickle, zip and torch raise half a dozen kinds; torch's text advises to run what is in the file
        got = "a file that is damaged or holds more than tensors and plain values"
        fail(f"{what} '{path}'", "load with weights_only=True", got, cure)


def _array_parts() -> list[Any]:
    """What numpy's arrays of numbers are pickled as; none of it runs anything."""
    kinds = [type(np.dtype(code)) for code in ("?", *np.typecodes["AllInteger"], *np.typecodes["Float"])]
    multiarray = np._core.multiarray  # type: ignore[attr-defined]
    makers = [
        (getattr(multiarray, name), f"numpy.{core}.multiarray.{name}")
        for name in ("_reconstruct", "scalar")
        for core in ("core", "_core")  # before numpy 2, and since
    ]
    return [np.ndarray, np.dtype, *dict.fromkeys(kinds), *makers]

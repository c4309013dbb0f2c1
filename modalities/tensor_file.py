"""Files of torch, read without running code from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from modalities.checks import check_file, fail


def read_tensors(path: str | Path, *, what: str, cure: str) -> Any:
    """What ``torch.save`` wrote, on the CPU: tensors and plain values, nothing else.

    Args:
        path: of the file.
        what: what the message calls it, e.g. ``"checkpoint"``.
        cure: what the user can do.

    Raises:
        InputError: if the file is missing, damaged, or holds more than tensors and plain values.
    """
    path = check_file(what, path, cure)
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception:  # pickle, zip and torch raise half a dozen kinds; torch's text advises to run what is in the file
        got = "a file that is damaged or holds more than tensors and plain values"
        fail(f"{what} '{path}'", "load with weights_only=True", got, cure)

"""State dicts from files of torch and safetensors, without the dictionaries that training puts around them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from triad.modalities.checks import check_file, fail, printable
from triad.modalities.file_kinds import describe_kind
from triad.modalities.safe_load import read_tensors

WRAPPERS = ("state_dict", "model_state_dict", "model_state", "model", "module", "network", "net")
"""Keys under which training programs store the state dict; the first one found is opened."""


def read_state_dict(path: str | Path, *, subject: str, cure: str) -> dict[str, Tensor]:
    """Return the tensors of a weights file by key, on the CPU.

    Args:
        path: path of a file of ``torch.save`` or, named ``.safetensors``, of safetensors.
        subject: name of the file in the error, e.g. ``"weights file"``.
        cure: advice to the user.

    Raises:
        InputError: If the file is missing, damaged, holds code, or has no tensors under string keys.
    """
    if Path(path).suffix == ".safetensors":
        return _read_safetensors(path, subject=subject, cure=cure)
    content = read_tensors(path, subject=subject, cure=cure, arrays=True)
    content = _unwrap(content)
    if not isinstance(content, Mapping):
        fail(f"{subject} '{path}'", "hold a state dict", type(content).__name__, cure)
    tensors = {str(key): _to_tensor(value) for key, value in content.items() if isinstance(value, Tensor | np.ndarray)}
    if not tensors:
        keys = ", ".join(f"'{key}'" for key in list(content)[:3])
        fail(f"{subject} '{path}'", "hold a state dict", f"no tensors, but keys {keys}" if keys else "nothing", cure)
    return tensors


def _unwrap(content: Any) -> Any:
    """Open the dictionaries of training programs, one in another."""
    while isinstance(content, Mapping):
        inner = next((content[key] for key in WRAPPERS if isinstance(content.get(key), Mapping)), None)
        if inner is None:
            return content
        content = inner
    return content


def _to_tensor(value: Tensor | np.ndarray) -> Tensor:
    return value if isinstance(value, Tensor) else torch.from_numpy(value)


def _read_safetensors(path: str | Path, *, subject: str, cure: str) -> dict[str, Tensor]:
    check_file(subject, path, cure)
    try:
        return load_file(path, device="cpu")
    except (SafetensorError, OSError, ValueError, KeyError) as error:
        kind = describe_kind(path)
        is_own = kind is None or kind == "weights (safetensors)"
        got = f"one that cannot be read ({printable(error)})" if is_own else kind
        fail(f"{subject} '{path}'", "be a safetensors file", got, cure)

"""Where networks run."""

from __future__ import annotations

import torch

from modalities.checks import fail


def best_device() -> str:
    """Where networks run unless a user says otherwise: the GPU where there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def check_device(device: str) -> torch.device:
    """The device of that name.

    Raises:
        InputError: if torch does not know it, or this machine has none.
    """
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:  # torch built without CUDA asserts
        got = f"'{device}' ({str(error).splitlines()[0]})"
        fail("--device", "be one that torch knows and this machine has", got, "use --device cpu")
    return torch.device(device)

"""Choice and check of the torch device that networks run on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triad.modalities.checks import fail

if TYPE_CHECKING:
    import torch


def best_device() -> str:
    """Return the default device: ``"cuda"`` where torch has a GPU, else ``"cpu"``."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def check_device(device: str) -> torch.device:
    """Return the device of a name.

    Args:
        device: name such as ``"cpu"`` or ``"cuda:1"``.

    Raises:
        InputError: for a name that torch does not know, or a device that this machine lacks.
    """
    import torch  # takes seconds; onnxruntime's models do without

    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:  # torch built without CUDA asserts
        got = f"'{device}' ({str(error).splitlines()[0]})"
        fail("--device", "be one that torch knows and this machine has", got, "use --device cpu")
    return torch.device(device)


def describe_hardware() -> str:
    """Return what networks run on by default, as ``NVIDIA H100 80GB HBM3`` or ``CPU, 2 threads``."""
    import torch

    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'' if threads == 1 else 's'}"

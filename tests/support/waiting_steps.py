"""Detection of operations for which the host would wait for a GPU, on a machine without one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

from triad.modalities import device_constants

READS_VALUES = ("_local_scalar_dense", "item", "is_nonzero", "equal", "allclose")
SHAPED_BY_VALUES = ("nonzero", "masked_select", "unique", "unique_dim", "unique_consecutive", "_unique2", "bincount")

COPIES = ("_to_copy", "copy_")


class NoWaiting(TorchDispatchMode):
    """Mode that fails on operations that read values, or whose result has a shape that depends on values."""

    def __torch_dispatch__(self, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = operation.overloadpacket.__name__
        if name in READS_VALUES or name in SHAPED_BY_VALUES:
            raise AssertionError(f"a GPU would be waited for: {operation}")
        if name in ("index", "index_put", "index_put_") and any(
            isinstance(index, Tensor) and index.dtype in (torch.bool, torch.uint8) for index in args[1]
        ):
            raise AssertionError(f"a GPU would be waited for: {operation} with a mask")
        return operation(*args, **(kwargs or {}))


class NoCopies(TorchDispatchMode):
    """Mode that fails where a tensor of the host is copied to the device, or back, with the host waiting for it."""

    def __torch_dispatch__(self, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = operation(*args, **(kwargs or {}))
        name = operation.overloadpacket.__name__
        given = [value for value in _tensors(args) if value.ndim or name in COPIES]  # a scalar is passed by value
        sides = {value.device.type for value in [*given, *_tensors([result])]}
        is_free = bool((kwargs or {}).get("non_blocking")) or (name == "copy_" and len(args) > 2 and args[2])
        if len(sides) > 1 and not is_free:
            raise AssertionError(f"a GPU would be waited for: {operation} between {' and '.join(sorted(sides))}")
        return result


def _tensors(values: Any) -> Iterator[Tensor]:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, list | tuple):
            yield from _tensors(value)


@contextmanager
def fake_gpu() -> Iterator[FakeTensorMode]:
    """Let ``device="cuda"`` be a device that has shapes and no values, and refuses everything that would wait."""
    mode = FakeTensorMode(allow_non_fake_inputs=True)

    class Constants(dict):
        def get(self, key: Any, default: Any = None) -> Tensor:
            values, dtype, device = key  # of an earlier step
            like = torch.tensor(values, dtype=dtype)
            return fake_tensor(mode, like, str(device))

    before = device_constants._CONSTANTS
    device_constants._CONSTANTS = Constants()
    try:
        with torch.backends.cudnn.flags(enabled=False), mode, NoCopies():  # cuDNN's have no shapes alone
            yield mode
    finally:
        device_constants._CONSTANTS = before


def fake_tensor(mode: FakeTensorMode, like: Tensor, device: str = "cuda") -> Tensor:
    with mode:
        return torch.empty_strided(like.shape, like.stride(), dtype=like.dtype, device=device)


def to_fake_gpu(mode: FakeTensorMode, value: Any, known: dict[int, Any] | None = None) -> Any:
    """Return a batch with tensors of the same shapes on the fake GPU; equal objects stay equal objects."""
    known = {} if known is None else known
    if id(value) in known:
        return known[id(value)]
    if isinstance(value, Tensor):
        known[id(value)] = fake_tensor(mode, value)
        return known[id(value)]
    if isinstance(value, Mapping):
        return {name: to_fake_gpu(mode, inner, known) for name, inner in value.items()}
    if is_dataclass(value):
        return type(value)(**{one.name: to_fake_gpu(mode, getattr(value, one.name), known) for one in fields(value)})
    return value


def move_to_fake_gpu(mode: FakeTensorMode, module: nn.Module) -> None:
    """Replace parameters and buffers of a module, on any device, by those of the fake GPU."""
    known: dict[int, Any] = {}
    for part in module.modules():
        for name, parameter in part._parameters.items():
            if parameter is not None and id(parameter) not in known:
                known[id(parameter)] = nn.Parameter(fake_tensor(mode, parameter), parameter.requires_grad)
            part._parameters[name] = None if parameter is None else known[id(parameter)]
        for name, buffer in part._buffers.items():
            part._buffers[name] = None if buffer is None else to_fake_gpu(mode, buffer, known)

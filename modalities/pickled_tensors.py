"""Pickles with torch's tensors, read without torch: tensors become numpy arrays, and nothing in the file is called.

``pickle.dump`` of a tensor nests, for its storage, the bytes of torch's format before zip archives: five pickles (magic
number, version, system, the storage by persistent id, keys) and the content.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.safe_pickle import SafeUnpickler, instructions, load_guarded

STORAGE_DTYPES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "BFloat16Storage": "<u2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
}
BFLOAT16 = np.dtype("<u2")
"""Type that stands for bfloat16, the upper half of a float32; torch stores no other integers of this kind."""
_NUM_HEADERS = 3
_LENGTH_BYTES = 8


def read_tensor_pickle(path: str | Path, data: bytes) -> Any:
    """Return the value of a pickle of plain values, numpy's arrays and torch's tensors on any device.

    Args:
        path: name of the file in errors.
        data: content of the file.

    Raises:
        InputError: If the pickle holds or calls anything else, is damaged, or would take far more memory than the
            file.
    """
    return load_guarded(TensorUnpickler(path, data))


class TensorUnpickler(SafeUnpickler):
    """Safe unpickler that also reads torch's tensors, as numpy arrays.

    Args:
        path: name of the file in errors.
        data: content of the file.
    """

    def __init__(self, path: str | Path, data: bytes) -> None:
        super().__init__(path, data)
        self.allowed |= {
            "torch._utils._rebuild_tensor_v2": self._rebuild_tensor,
            "torch.storage._load_from_bytes": self._read_storage,
            "collections.OrderedDict": self._ordered_dict,
        }

    def _ordered_dict(self, *items: Any) -> dict[str, Any]:
        if items:
            raise ValueError("a filled OrderedDict")
        return {}

    def _read_storage(self, content: Any) -> np.ndarray:
        data = self._bytes(content)
        self.spend(2 * len(data))  # of bfloat16 twice its size is kept
        return StorageUnpickler(self.path, data).read_storage()

    def _rebuild_tensor(self, storage: Any, offset: Any, size: Any, stride: Any, *_: Any) -> np.ndarray:
        """Return a copy of the part of a storage that a tensor shows."""
        if not isinstance(storage, np.ndarray) or not isinstance(size, tuple) or not isinstance(stride, tuple):
            raise TypeError("storage, size or stride of a tensor")
        if storage.ndim != 1:
            raise ValueError(f"a storage of shape {list(storage.shape)}")
        numbers = (offset, *size, *stride)
        if len(size) != len(stride) or not all(isinstance(number, int) and number >= 0 for number in numbers):
            raise ValueError("size or stride of a tensor")
        last = offset + sum((length - 1) * step for length, step in zip(size, stride, strict=True))
        if 0 in size:
            return np.zeros(size, storage.dtype)
        if last >= len(storage):
            raise ValueError(f"a tensor that ends at {last} of a storage of {len(storage)}")
        self.spend(storage.itemsize * int(np.prod([float(length) for length in size])))
        strides = [step * storage.itemsize for step in stride]
        return np.lib.stride_tricks.as_strided(storage[offset:], size, strides).copy()


class StorageUnpickler(SafeUnpickler):
    """Reader of the bytes of one storage.

    Args:
        path: name of the file in errors.
        data: bytes of the storage, in torch's format before zip archives.
    """

    def __init__(self, path: str | Path, data: bytes) -> None:
        super().__init__(path, data)
        self.allowed |= {f"torch.{name}": np.dtype(dtype) for name, dtype in STORAGE_DTYPES.items()}

    def read_storage(self) -> np.ndarray:
        """Return the content of the storage, ``[numel]``."""
        for _ in range(_NUM_HEADERS):
            self.load()
        dtype = self.load()
        self.load()
        if not isinstance(dtype, np.dtype):
            raise ValueError("bytes that hold no storage")
        num_values = int.from_bytes(self.stream.read(_LENGTH_BYTES), "little")
        raw = self.stream.read()
        if len(raw) != num_values * dtype.itemsize:
            raise ValueError(f"{len(raw)} bytes for a storage of {num_values} {dtype}")
        values = np.frombuffer(raw, dtype)
        return (values.astype("<u4") << 16).view("<f4") if dtype == BFLOAT16 else values

    def persistent_load(self, pid: Any) -> Any:
        """Return the type of the storage that a persistent id describes."""
        match pid:
            case ("storage", np.dtype() as dtype, str(), str(), int()):
                return dtype
            case ("storage", np.dtype() as dtype, str(), str(), int(), None):  # no view of another storage
                return dtype
        raise ValueError("a persistent id that is no storage")


StorageUnpickler.dispatch = SafeUnpickler.dispatch | instructions({9: "BINPERSID"})

"""Records of an index packed into one block of bytes."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from typing import Any, overload

import numpy as np

from triad.fusion.index.index import Record


class PackedRecords(Sequence[Record]):
    """Sequence of records that unpacks each record as it is read.

    A worker that is forked from a process with a hundred thousand dictionaries copies them all, little by little,
    because reading an object writes its reference count. Two arrays stay shared.

    Args:
        records: records to pack.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        packed = [pickle.dumps(record, protocol=5) for record in records]
        self._ends = np.cumsum([len(record) for record in packed], dtype=np.int64)
        self._bytes = np.frombuffer(b"".join(packed), np.uint8)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, position: int) -> Record: ...
    @overload
    def __getitem__(self, position: slice) -> list[Record]: ...
    def __getitem__(self, position: int | slice) -> Any:
        if isinstance(position, slice):
            return [self[row] for row in range(*position.indices(len(self)))]
        row = range(len(self))[position]
        begin = int(self._ends[row - 1]) if row else 0
        return pickle.loads(self._bytes[begin : int(self._ends[row])].data)

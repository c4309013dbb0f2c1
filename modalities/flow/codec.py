"""The file of a video's flow: every field by itself, and with them what made them.

Layout: an 8-byte mark; the fields one after another; provenance as JSON; the byte offsets of the fields (uint64, one
more than fields); a footer, whose last number is the CRC-32 of everything before it. It is written front to back
without knowing how many fields will come. Nothing in it is a date: equal flow is equal bytes.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np

from modalities.atomic_files import atomic_write
from modalities.checks import check_file, check_shape, fail
from modalities.flow.field_codec import CURE, LIMIT, STEP, decode_field, encode_field

FORMAT = "TRIADFL3"
_MARK = FORMAT.encode()
_FOOTER = struct.Struct("<QIIdQII")  # fields, height, width, step, clipped components, bytes of provenance, CRC-32
_CRC = 4  # bytes of it
LONE = "nothing to do: the clip counts as one without flow"


class FlowWriter:
    """Writes a flow file field by field; it appears when the ``with`` block ends well, or not at all.

    Args:
        path: of the file.
        provenance: what made the flow, as JSON can say it.

    Raises:
        InputError: if a field has another shape or dtype than the first, is not finite, or none came.
    """

    def __init__(self, path: str | Path, *, provenance: Mapping[str, Any] | None = None) -> None:
        self.path = Path(path)
        self.provenance = dict(provenance or {})
        self.clipped = 0
        self._crc = 0
        self._offsets: list[int] = []
        self._size_hw: tuple[int, int] | None = None
        self._atomic = atomic_write(self.path)
        self._file: BinaryIO | None = None

    def __enter__(self) -> FlowWriter:
        self._file = self._atomic.__enter__().open("wb")
        self._write(self._file, _MARK)
        self._offsets = [len(_MARK)]
        return self

    @property
    def num(self) -> int:
        """Fields written so far."""
        return len(self._offsets) - 1

    def add(self, fields: np.ndarray) -> None:
        """Append fields, float32 ``[T, H, W, 2]``, pixels per frame interval."""
        if self._file is None:
            fail(f"FlowWriter('{self.path}')", "be used in a with block", "a call outside of one")
        height, width = self._size_hw or fields.shape[1:3]
        check_shape(f"flow for '{self.path}'", fields, ["T", height, width, 2])
        if fields.dtype != np.float32 or not np.isfinite(fields).all():
            fail(f"flow for '{self.path}'", "be finite float32", f"{fields.dtype} with NaN or infinity")
        self._size_hw = (height, width)
        outside = np.abs(fields) > LIMIT
        if outside.any():
            self.clipped += int(outside.sum())
            fields = fields.clip(-LIMIT, LIMIT)
        for field in fields:
            self._offsets.append(self._offsets[-1] + self._write(self._file, encode_field(field)))

    def _finish(self, file: BinaryIO) -> None:
        if self._size_hw is None or not self.num:
            fail(f"flow for '{self.path}'", "have at least one field, which takes two frames", "none", LONE)
        provenance = json.dumps(self.provenance, sort_keys=True).encode()
        self._write(file, provenance + np.asarray(self._offsets, "<u8").tobytes())
        self._write(file, _FOOTER.pack(self.num, *self._size_hw, STEP, self.clipped, len(provenance), 0)[:-_CRC])
        self._write(file, struct.pack("<I", self._crc))

    def _write(self, file: BinaryIO, content: bytes) -> int:
        self._crc = zlib.crc32(content, self._crc)
        return file.write(content)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._file is not None:
                with self._file as file:
                    if kind is None:
                        self._finish(file)
        except BaseException as failure:
            self._atomic.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._atomic.__exit__(kind, error, trace)


class FlowFile:
    """A stored flow; fields are read one by one, whichever are wanted.

    Attributes:
        num: fields in the file.
        height, width: of a field.
        bound: largest error of a component that was not clipped, pixels.
        clipped: components that were beyond ``LIMIT`` and are stored as it.
        provenance: what made the flow.

    Raises:
        InputError: if the file is missing, empty, cut off, or no flow file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = check_file("flow", path, CURE)
        with self.path.open("rb") as file:
            mark = file.read(len(_MARK))
            size = file.seek(0, 2)
            if mark != _MARK or size < len(_MARK) + _FOOTER.size:
                fail("flow", "be a flow file of this project and version", f"'{self.path}'", CURE)
            file.seek(size - _FOOTER.size)
            self.num, self.height, self.width, self.step, self.clipped, said, _ = _FOOTER.unpack(file.read())
            table = 8 * (self.num + 1)
            begin = size - _FOOTER.size - table - said
            if begin < len(_MARK):
                fail("flow", "be whole", f"'{self.path}', which is cut off", CURE)
            file.seek(begin)
            provenance = file.read(said)
            self._offsets = np.frombuffer(file.read(table), "<u8").astype(np.int64)
        if self._offsets[0] != len(_MARK) or self._offsets[-1] != begin or (np.diff(self._offsets) <= 0).any():
            fail("flow", "be whole", f"'{self.path}', which is cut off or damaged", CURE)
        try:
            self.provenance: dict[str, Any] = json.loads(provenance)
        except ValueError as error:
            fail(f"provenance in '{self.path}'", "be JSON", error, CURE)

    @property
    def bound(self) -> float:
        return self.step / 2

    def read(self, indices: np.ndarray) -> np.ndarray:
        """Fields by index, in any order and as often as wanted, each read once.

        Shapes: int ``[T]`` -> float32 ``[T, H, W, 2]``.

        Raises:
            InputError: if an index is not in the file or a field is damaged.
        """
        wanted = np.asarray(indices, int)
        if wanted.min() < 0 or wanted.max() >= self.num:
            fail(f"flow field of '{self.path}'", f"be 0 to {self.num - 1}", [int(wanted.min()), int(wanted.max())])
        out = np.empty((len(wanted), self.height, self.width, 2), np.float32)
        with self.path.open("rb") as file:
            for index in np.unique(wanted):
                file.seek(int(self._offsets[index]))
                payload = file.read(int(self._offsets[index + 1] - self._offsets[index]))
                out[wanted == index] = decode_field(payload, self.height, self.width, step=self.step)
        return out

    def verify(self) -> None:
        """Read all of the file and decode every field.

        Raises:
            InputError: if a byte has changed since it was written, or a field does not decode.
        """
        with self.path.open("rb") as file:
            left = file.seek(0, 2) - _CRC
            crc = file.seek(0)
            while left and (part := file.read(min(left, 1 << 20))):
                crc, left = zlib.crc32(part, crc), left - len(part)
            if struct.pack("<I", crc) != file.read(_CRC):
                fail("flow", "be as it was written", f"'{self.path}', of which a byte has changed", CURE)
        for index in range(self.num):
            self.read(np.array([index]))

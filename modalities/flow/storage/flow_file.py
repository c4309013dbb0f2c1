"""File of a video's flow: every field by itself, and the provenance of all.

Layout: an 8-byte magic number; the fields one after another; the provenance as JSON; the byte offsets of the fields
(uint64, one more than fields); a footer, whose last number is the CRC-32 of everything before it. It is written front
to back without knowing how many fields will come. Nothing in it is a date: equal flow is equal bytes.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np

from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import check_file, check_shape, fail, printable
from triad.modalities.flow.storage.field_codec import CURE, LIMIT, STEP, FieldDecoder, encode_field, interleave
from triad.modalities.picture_size import MAX_PIXELS

FORMAT = "TRIADFL3"
_MAGIC = FORMAT.encode()
_FOOTER = struct.Struct("<QIIdQII")  # fields, height, width, step, clipped components, bytes of provenance, CRC-32
_CRC_SIZE = 4  # bytes
MAX_RATIO = 1040
"""Codes that a byte can hold at most, by deflate."""
SINGLE_FRAME_CURE = "nothing to do: the clip counts as one without flow"


class FlowWriter:
    """Writer of a flow file, field by field; the file appears when the ``with`` block ends well, or not at all.

    Args:
        path: path of the file.
        provenance: description of what made the flow, as JSON can hold it.

    Attributes:
        clipped: number of components that were beyond ``LIMIT`` so far.

    Raises:
        InputError: If a field has another shape or dtype than the first, is not finite, or none was added.
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
        self._write(self._file, _MAGIC)
        self._offsets = [len(_MAGIC)]
        return self

    @property
    def num(self) -> int:
        """Number of fields written so far."""
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
        too_large = np.abs(fields) > LIMIT
        if too_large.any():
            self.clipped += int(too_large.sum())
            fields = fields.clip(-LIMIT, LIMIT)
        for field in fields:
            self._offsets.append(self._offsets[-1] + self._write(self._file, encode_field(field)))

    def _finish(self, file: BinaryIO) -> None:
        if self._size_hw is None or not self.num:
            must = "have at least one field, which takes two frames"
            fail(f"flow for '{self.path}'", must, "none", SINGLE_FRAME_CURE)
        provenance = json.dumps(self.provenance, sort_keys=True).encode()
        self._write(file, provenance + np.asarray(self._offsets, "<u8").tobytes())
        footer = _FOOTER.pack(self.num, *self._size_hw, STEP, self.clipped, len(provenance), 0)
        self._write(file, footer[:-_CRC_SIZE])
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
    """Stored flow whose fields are read one by one.

    Args:
        path: path of the file.

    Attributes:
        num: number of fields.
        height, width: size of a field, pixels.
        step: distance of two stored values, pixels.
        clipped: number of components that were beyond ``LIMIT`` and are stored as it.
        provenance: description of what made the flow.

    Raises:
        InputError: If the file is missing, empty, cut off, or no flow file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = check_file("flow", path, CURE)
        with self.path.open("rb") as file:
            magic = file.read(len(_MAGIC))
            size = file.seek(0, 2)
            if magic != _MAGIC or size < len(_MAGIC) + _FOOTER.size:
                fail("flow", "be a flow file of this project and version", f"'{self.path}'", CURE)
            file.seek(size - _FOOTER.size)
            footer = _FOOTER.unpack(file.read())
            self.num, self.height, self.width, self.step, self.clipped, provenance_size, _ = footer
            table_size = 8 * (self.num + 1)
            fields_end = size - _FOOTER.size - table_size - provenance_size
            if fields_end < len(_MAGIC):
                fail("flow", "be whole", f"'{self.path}', which is cut off", CURE)
            file.seek(fields_end)
            provenance = file.read(provenance_size)
            self._offsets = np.frombuffer(file.read(table_size), "<u8").astype(np.int64)
        is_increasing = (np.diff(self._offsets) > 0).all()
        if self._offsets[0] != len(_MAGIC) or self._offsets[-1] != fields_end or not is_increasing:
            fail("flow", "be whole", f"'{self.path}', which is cut off or damaged", CURE)
        if not (self.num and 0 < self.step < float("inf")):
            fail("flow", "be whole", f"'{self.path}', whose footer is damaged", CURE)
        num_pixels = self.height * self.width
        if not 0 < num_pixels <= MAX_PIXELS or 2 * num_pixels > MAX_RATIO * size:
            got = f"{self.height} × {self.width} in {size} bytes"
            fail(f"field of flow '{self.path}'", "have a size that its bytes can hold", got, CURE)
        try:
            document = json.loads(provenance)
        except (ValueError, RecursionError) as error:
            fail(f"provenance in '{self.path}'", "be JSON", printable(error), CURE)
        if not isinstance(document, dict):
            fail(f"provenance in '{self.path}'", "be an object of JSON", type(document).__name__, CURE)
        self.provenance: dict[str, Any] = document

    @property
    def max_error(self) -> float:
        """Largest error of a component that was not clipped, pixels."""
        return self.step / 2

    def read(self, indices: np.ndarray, *, transform: Callable[[np.ndarray], np.ndarray] = interleave) -> np.ndarray:
        """Return fields by index, in any order and repeated as asked for; each field is read once.

        Args:
            indices: indices of the fields, from 0.
            transform: function applied to each field as it is decoded, e.g. to scale it; its components lie apart in
                memory, and it is valid during the call alone.

        Shapes: int ``[T]`` -> float32 ``[T, H, W, 2]``, or as ``transform`` returns them.

        Raises:
            InputError: If an index is not in the file or a field is damaged.
        """
        indices = np.asarray(indices, int)
        if indices.min() < 0 or indices.max() >= self.num:
            outermost = [int(indices.min()), int(indices.max())]
            fail(f"flow field of '{self.path}'", f"be 0 to {self.num - 1}", outermost)
        shown, positions = np.unique(indices, return_inverse=True)
        decoder = FieldDecoder(self.height, self.width, step=self.step)
        fields = []
        with self.path.open("rb") as file:
            for index in shown:
                file.seek(int(self._offsets[index]))
                payload = file.read(int(self._offsets[index + 1] - self._offsets[index]))
                fields.append(transform(decoder(payload)))
        return np.stack([fields[position] for position in positions])

    def verify(self) -> None:
        """Read all of the file and decode every field.

        Raises:
            InputError: If a byte has changed since it was written, or a field does not decode.
        """
        with self.path.open("rb") as file:
            remaining = file.seek(0, 2) - _CRC_SIZE
            crc = file.seek(0)
            while remaining and (chunk := file.read(min(remaining, 1 << 20))):
                crc = zlib.crc32(chunk, crc)
                remaining -= len(chunk)
            if struct.pack("<I", crc) != file.read(_CRC_SIZE):
                fail("flow", "be unchanged", f"'{self.path}', in which a byte has changed", CURE)
        for index in range(self.num):
            self.read(np.array([index]))

"""The file of a video's flow: compact, every field by itself, with one error bound for all of it.

A component is rounded to a whole number of steps of 1/32 pixel, so that **no value is off by more than half a step
(1/64 pixel)**, however strong the motion elsewhere. Numbers of steps are differenced along x and y and deflated:
flow is smooth, most differences fit a byte, those that do not are listed behind it.

Measured on 75 DIS fields of J-HMDB at 160×120 (and at 320×240): mean bytes a field, milliseconds to decode one on one
core, mean and largest error in pixels. Eight bits scaled to the field's own maximum suffer from the one fast pixel,
JPEG from its blocks and from its fixed bound of 20 as well.

    this file                       5,001 (24,391)   0.13 (0.56)   0.011 (0.011)    0.016 (0.016)
    PNG of 8 bits, own scale        8,152 (23,381)   0.33 (1.21)   0.010 (0.025)    0.105 (0.188)
    PNG of 16 bits, steps of 1/32   9,846 (47,324)   0.40 (1.67)   0.011 (0.011)    0.016 (0.016)
    JPEG pair, bound 20, q 95       1,770  (7,392)   0.08 (0.28)   0.074 (0.141)    6.6 (27.7)

Layout: an 8-byte mark; the fields one after another; their byte offsets (uint64, one more than fields); a footer.
It is written front to back without knowing how many fields will come.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import cv2
import numpy as np

from modalities.checks import check_file, check_shape, fail
from modalities.store import atomic

STEP = 1 / 32
"""Pixels between two codes; the error bound is half of it."""

LIMIT = 1023.0
"""Largest component that can be stored, pixels; larger ones are clipped and counted."""

FORMAT = "TRIADFL2"
_MARK = FORMAT.encode()
_FOOTER = struct.Struct("<QIIdQ")  # fields, height, width, step, clipped components
_ESCAPE = 8  # bytes of a difference that does not fit one byte: uint32 place, int32 value
LONE = "nothing to do: the clip counts as one without flow"
CURE = "extract the flow again: delete the file and run tools/extract.py"


def encode_field(field: np.ndarray, *, step: float = STEP) -> bytes:
    """One field as bytes, components already within ``±LIMIT``.

    Shapes: float32 ``[H, W, 2]``.
    """
    height, width = field.shape[:2]
    codes = np.empty((2, height, width), np.float32)  # u above v; float32 holds whole numbers to 2²⁴ exactly
    np.multiply(field.transpose(2, 0, 1), np.float32(1 / step), out=codes)
    steps = np.rint(codes, out=codes).reshape(2 * height, width)
    steps[1:] -= steps[:-1].copy()
    steps[:, 1:] -= steps[:, :-1].copy()
    differences = steps.ravel()
    places = np.flatnonzero(np.abs(differences) > 127)
    large = differences[places].astype("<i4")
    differences[places] = 0
    raw = differences.astype(np.int8).tobytes() + places.astype("<u4").tobytes() + large.tobytes()
    deflate = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_RLE)  # runs alone: smaller here and faster than matches
    return deflate.compress(raw) + deflate.flush()


def decode_field(payload: bytes, height: int, width: int, *, step: float = STEP) -> np.ndarray:
    """The field of :func:`encode_field`.

    Shapes: float32 ``[height, width, 2]``.

    Raises:
        InputError: if the bytes are damaged.
    """
    size = 2 * height * width
    try:
        raw = zlib.decompress(payload, -15, size + 1024)
    except zlib.error as error:
        fail("flow field", "decompress", str(error), CURE)
    large, rest = divmod(len(raw) - size, _ESCAPE)
    places = np.frombuffer(raw, "<u4", large, size) if large > 0 else np.empty(0, "<u4")
    if large < 0 or rest or (places >= size).any():
        fail("flow field", f"hold {size} codes", f"{len(raw)} bytes", CURE)
    differences = np.frombuffer(raw, np.int8, size).astype(np.float32)
    if large:
        differences[places] = np.frombuffer(raw, "<i4", large, size + 4 * large)
    # the sum over everything above and to the left undoes both differences, ten times faster than two cumsums
    steps = cv2.integral(differences.reshape(2 * height, width), sdepth=cv2.CV_32F)[1:, 1:]
    planes = np.multiply(steps, np.float32(step))
    return cv2.merge([planes[:height], planes[height:]])


class FlowWriter:
    """Writes a flow file field by field; it appears when the ``with`` block ends well, or not at all.

    Raises:
        InputError: if a field has another shape or dtype than the first, is not finite, or none came.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.clipped = 0
        self._offsets: list[int] = []
        self._size_hw: tuple[int, int] | None = None
        self._atomic = atomic(self.path)
        self._file: BinaryIO | None = None

    def __enter__(self) -> FlowWriter:
        self._file = self._atomic.__enter__().open("wb")
        self._file.write(_MARK)
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
            self._offsets.append(self._offsets[-1] + self._file.write(encode_field(field)))

    def _finish(self, file: BinaryIO) -> None:
        if self._size_hw is None or not self.num:
            fail(f"flow for '{self.path}'", "have at least one field, which takes two frames", "none", LONE)
        file.write(np.asarray(self._offsets, "<u8").tobytes())
        file.write(_FOOTER.pack(self.num, *self._size_hw, STEP, self.clipped))

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

    Raises:
        InputError: if the file is missing, empty, cut off, or no flow file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = check_file("flow", path, CURE)
        with self.path.open("rb") as file:
            mark = file.read(len(_MARK))
            size = file.seek(0, 2)
            if mark != _MARK or size < len(_MARK) + _FOOTER.size:
                fail("flow", "be a flow file of this project", f"'{self.path}'", CURE)
            file.seek(size - _FOOTER.size)
            self.num, self.height, self.width, self.step, self.clipped = _FOOTER.unpack(file.read())
            table = 8 * (self.num + 1)
            begin = size - _FOOTER.size - table
            if begin < len(_MARK):
                fail("flow", "be whole", f"'{self.path}', which is cut off", CURE)
            file.seek(begin)
            self._offsets = np.frombuffer(file.read(table), "<u8").astype(np.int64)
        if self._offsets[0] != len(_MARK) or self._offsets[-1] != begin or (np.diff(self._offsets) <= 0).any():
            fail("flow", "be whole", f"'{self.path}', which is cut off or damaged", CURE)

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

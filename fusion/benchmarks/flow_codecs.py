"""Ways to store the flow of a clip, so that ours is measured against them; none but ours is used elsewhere.

Each is a function from fields float32 ``[T, H, W, 2]`` to a :class:`Stored`. What a field is apart from the others in
is encoded field by field; the video codecs are asked for groups of pictures that random access can bear.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import av
import cv2
import numpy as np

from modalities.flow.storage.field_codec import STEP, decode_field, encode_field

GROUP = 12
"""Pictures from one key frame of a lossy video to the next."""
JPEG_BOUND = 20.0


class Stored(NamedTuple):
    """A stored clip.

    Attributes:
        size: bytes.
        read: from indices in rising order to fields float32 ``[T, H, W, 2]``.
    """

    size: int
    read: Callable[[Sequence[int]], np.ndarray]


def store_ours(fields: np.ndarray) -> Stored:
    """Steps of 1/32 pixel, differenced, deflated: :mod:`modalities.flow.storage.field_codec`."""
    height, width = fields.shape[1:3]
    return _each(fields, encode_field, lambda payload: decode_field(payload, height, width))


def store_jpeg(fields: np.ndarray) -> Stored:
    """Two grey JPEG pictures of quality 95 a field, ±20 pixels in 256 steps: denseflow and what reads it."""

    def encode(field: np.ndarray) -> bytes:
        codes = np.rint((field.clip(-JPEG_BOUND, JPEG_BOUND) / JPEG_BOUND + 1) * 127.5).astype(np.uint8)
        pictures = [cv2.imencode(".jpg", codes[..., axis])[1].tobytes() for axis in (0, 1)]
        return len(pictures[0]).to_bytes(4, "little") + pictures[0] + pictures[1]

    def decode(payload: bytes) -> np.ndarray:
        end = 4 + int.from_bytes(payload[:4], "little")
        planes = [_picture(part) for part in (payload[4:end], payload[end:])]
        return (np.stack(planes, -1).astype(np.float32) / 127.5 - 1) * np.float32(JPEG_BOUND)

    return _each(fields, encode, decode)


def store_png(fields: np.ndarray) -> Stored:
    """A PNG of 16 bits a field in steps of 1/64 pixel, as KITTI's devkit has it."""

    def encode(field: np.ndarray) -> bytes:
        codes = np.rint(field * 64 + 2**15).clip(0, 2**16 - 1).astype(np.uint16)
        known = np.ones_like(codes[..., :1])
        picture = np.concatenate([known, codes[..., ::-1]], -1)  # OpenCV writes B, G, R
        return cv2.imencode(".png", picture)[1].tobytes()

    def decode(payload: bytes) -> np.ndarray:
        codes = _picture(payload)[..., 2:0:-1]
        return (codes.astype(np.float32) - 2**15) / np.float32(64)

    return _each(fields, encode, decode)


def store_float16(fields: np.ndarray) -> Stored:
    """Half floats, their bytes shuffled, deflated."""

    def encode(field: np.ndarray) -> bytes:
        halves = np.ascontiguousarray(field.astype(np.float16).transpose(2, 0, 1))
        return zlib.compress(np.ascontiguousarray(halves.view(np.uint8).reshape(-1, 2).T).tobytes(), 1)

    def decode(payload: bytes) -> np.ndarray:
        raw = np.frombuffer(zlib.decompress(payload), np.uint8).reshape(2, -1)
        halves = np.ascontiguousarray(raw.T).view(np.float16).reshape(2, *fields.shape[1:3])
        return halves.transpose(1, 2, 0).astype(np.float32)

    return _each(fields, encode, decode)


def store_float32(fields: np.ndarray) -> Stored:
    """The floats themselves, their bytes shuffled, deflated: nothing is lost."""

    def encode(field: np.ndarray) -> bytes:
        return zlib.compress(np.ascontiguousarray(field.view(np.uint8).reshape(-1, 4).T).tobytes(), 1)

    def decode(payload: bytes) -> np.ndarray:
        raw = np.frombuffer(zlib.decompress(payload), np.uint8).reshape(4, -1)
        return np.ascontiguousarray(raw.T).view(np.float32).reshape(fields.shape[1:])

    return _each(fields, encode, decode)


def store_ffv1(fields: np.ndarray) -> Stored:
    """FFV1, 16 bits, steps of 1/32 pixel, u above v; every picture a key frame. Loses what ours loses."""
    codes = np.rint(fields / STEP + 2**15).clip(0, 2**16 - 1).astype(np.uint16)
    return _video(codes, STEP, -(2.0**15) * STEP, "ffv1", "gray16le", {"level": "3", "g": "1"})


def store_h264(fields: np.ndarray) -> Stored:
    """H.264 of 10 bits between the clip's own extremes, u above v, near-lossless (crf 4)."""
    return _ten_bits(fields, "libx264", {"crf": "4", "preset": "medium"})


def store_hevc(fields: np.ndarray) -> Stored:
    """The same in HEVC."""
    return _ten_bits(fields, "libx265", {"crf": "4", "preset": "medium", "x265-params": "log-level=none:pools=none"})


CODECS: dict[str, Callable[[np.ndarray], Stored]] = {
    "this project's (steps of 1/32 px)": store_ours,
    "JPEG pair, ±20 px, q 95": store_jpeg,
    "PNG, 16 bits (KITTI)": store_png,
    "float16, deflated": store_float16,
    "float32, deflated": store_float32,
    "FFV1, 16 bits": store_ffv1,
    "H.264, 10 bits, crf 4": store_h264,
    "HEVC, 10 bits, crf 4": store_hevc,
}


def _each(fields: np.ndarray, encode: Callable[[np.ndarray], bytes], decode: Callable[[bytes], np.ndarray]) -> Stored:
    payloads = [encode(field) for field in fields]
    return Stored(sum(map(len, payloads)), lambda indices: np.stack([decode(payloads[index]) for index in indices]))


def _picture(payload: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(payload, np.uint8), cv2.IMREAD_UNCHANGED)  # type: ignore[return-value]


def _ten_bits(fields: np.ndarray, codec: str, options: dict[str, str]) -> Stored:
    low, high = float(fields.min()), float(fields.max())
    step = max(high - low, 1e-6) / 1023
    codes = np.rint((fields - low) / step).astype(np.uint16)
    return _video(codes, step, low, codec, "gray10le", {**options, "g": str(GROUP), "bf": "0"})


def _video(codes: np.ndarray, step: float, low: float, codec: str, pixels: str, options: dict[str, str]) -> Stored:
    """Codes uint16 ``[T, H, W, 2]`` as grey pictures, u above v."""
    num, height, width = codes.shape[:3]
    wide = max(width, 64)  # x265 ends the process on narrower ones
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        stream: Any = container.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = wide, 2 * height, pixels
        stream.codec_context.thread_count = 1
        for planes in codes.transpose(0, 3, 1, 2).reshape(num, 2 * height, width):
            container.mux(stream.encode(_grey(np.pad(planes, ((0, 0), (0, wide - width))), pixels)))
        container.mux(stream.encode(None))
    content = file.getvalue()

    def read(indices: Sequence[int]) -> np.ndarray:
        found: dict[int, np.ndarray] = {}
        with av.open(io.BytesIO(content), "r") as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            tick, at = float(stream.time_base or Fraction(1, 1000)), -1
            for index in indices:
                if index in found:
                    continue
                if at < 0 or index > at + GROUP:
                    container.seek(round(index / 25 / tick), stream=stream)
                    frames = container.decode(stream)
                for frame in frames:
                    at = round(float(frame.time or 0) * 25)
                    if at >= index:
                        found[index] = frame.to_ndarray()[: 2 * height, :width]
                        break
        planes = np.stack([found[index] for index in indices]).reshape(-1, 2, height, width)
        return planes.transpose(0, 2, 3, 1).astype(np.float32) * np.float32(step) + np.float32(low)

    return Stored(len(content), read)


def _grey(planes: np.ndarray, pixels: str) -> av.VideoFrame:
    frame = av.VideoFrame(planes.shape[1], planes.shape[0], pixels)
    line = frame.planes[0].line_size // 2
    padded = np.zeros((planes.shape[0], line), np.uint16)
    padded[:, : planes.shape[1]] = planes
    frame.planes[0].update(padded.tobytes())
    return frame

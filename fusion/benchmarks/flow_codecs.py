"""Codecs of flow that this project's own codec is compared with; only its own is used elsewhere.

Each is a function from fields float32 ``[T, H, W, 2]`` to an :class:`EncodedClip`. All but the video codecs encode
every field by itself; the lossy video codecs use short groups of pictures, so that random access stays possible.
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

from triad.modalities.flow.storage.field_codec import STEP, decode_field, encode_field

GROUP_SIZE = 12
"""Frames from one key frame of a lossy video to the next."""

JPEG_RANGE = 20.0
"""Largest displacement that a JPEG pair represents, pixels."""

VIDEO_FPS = 25


class EncodedClip(NamedTuple):
    """Encoded flow of a clip.

    Attributes:
        size: number of bytes.
        read: function from indices in rising order to fields float32 ``[T, H, W, 2]``.
    """

    size: int
    read: Callable[[Sequence[int]], np.ndarray]


def encode_steps(fields: np.ndarray) -> EncodedClip:
    """Encode as this project does, in steps of 1/32 pixel: :mod:`triad.modalities.flow.storage.field_codec`."""
    height, width = fields.shape[1:3]
    return _encode_fields(fields, encode_field, lambda payload: decode_field(payload, height, width))


def encode_jpeg_pairs(fields: np.ndarray) -> EncodedClip:
    """Encode as denseflow does: two gray JPEG images of quality 95 a field, ±20 pixels in 256 steps."""

    def encode(field: np.ndarray) -> bytes:
        codes = np.rint((field.clip(-JPEG_RANGE, JPEG_RANGE) / JPEG_RANGE + 1) * 127.5).astype(np.uint8)
        u_bytes, v_bytes = (cv2.imencode(".jpg", codes[..., axis])[1].tobytes() for axis in (0, 1))
        return len(u_bytes).to_bytes(4, "little") + u_bytes + v_bytes

    def decode(payload: bytes) -> np.ndarray:
        end = 4 + int.from_bytes(payload[:4], "little")
        planes = [_decode_image(image_bytes) for image_bytes in (payload[4:end], payload[end:])]
        return (np.stack(planes, -1).astype(np.float32) / 127.5 - 1) * np.float32(JPEG_RANGE)

    return _encode_fields(fields, encode, decode)


def encode_png(fields: np.ndarray) -> EncodedClip:
    """Encode as KITTI does: a 16-bit PNG a field, in steps of 1/64 pixel."""

    def encode(field: np.ndarray) -> bytes:
        codes = np.rint(field * 64 + 2**15).clip(0, 2**16 - 1).astype(np.uint16)
        valid = np.ones_like(codes[..., :1])
        image = np.concatenate([valid, codes[..., ::-1]], -1)  # OpenCV writes B, G, R
        return cv2.imencode(".png", image)[1].tobytes()

    def decode(payload: bytes) -> np.ndarray:
        codes = _decode_image(payload)[..., 2:0:-1]
        return (codes.astype(np.float32) - 2**15) / np.float32(64)

    return _encode_fields(fields, encode, decode)


def encode_float16(fields: np.ndarray) -> EncodedClip:
    """Encode half floats, their bytes shuffled and deflated."""

    def encode(field: np.ndarray) -> bytes:
        halves = np.ascontiguousarray(field.astype(np.float16).transpose(2, 0, 1))
        return zlib.compress(np.ascontiguousarray(halves.view(np.uint8).reshape(-1, 2).T).tobytes(), 1)

    def decode(payload: bytes) -> np.ndarray:
        raw = np.frombuffer(zlib.decompress(payload), np.uint8).reshape(2, -1)
        halves = np.ascontiguousarray(raw.T).view(np.float16).reshape(2, *fields.shape[1:3])
        return halves.transpose(1, 2, 0).astype(np.float32)

    return _encode_fields(fields, encode, decode)


def encode_float32(fields: np.ndarray) -> EncodedClip:
    """Encode single floats without loss, their bytes shuffled and deflated."""

    def encode(field: np.ndarray) -> bytes:
        return zlib.compress(np.ascontiguousarray(field.view(np.uint8).reshape(-1, 4).T).tobytes(), 1)

    def decode(payload: bytes) -> np.ndarray:
        raw = np.frombuffer(zlib.decompress(payload), np.uint8).reshape(4, -1)
        return np.ascontiguousarray(raw.T).view(np.float32).reshape(fields.shape[1:])

    return _encode_fields(fields, encode, decode)


def encode_ffv1(fields: np.ndarray) -> EncodedClip:
    """Encode as 16-bit FFV1 in steps of 1/32 pixel, u above v, every frame a key frame; loses as much as ours."""
    codes = np.rint(fields / STEP + 2**15).clip(0, 2**16 - 1).astype(np.uint16)
    return _encode_video(codes, STEP, -(2.0**15) * STEP, "ffv1", "gray16le", {"level": "3", "g": "1"})


def encode_h264(fields: np.ndarray) -> EncodedClip:
    """Encode as 10-bit H.264 between the extremes of the clip, u above v, near-lossless (crf 4)."""
    return _encode_ten_bits(fields, "libx264", {"crf": "4", "preset": "medium"})


def encode_hevc(fields: np.ndarray) -> EncodedClip:
    """Encode as :func:`encode_h264`, in HEVC."""
    return _encode_ten_bits(
        fields, "libx265", {"crf": "4", "preset": "medium", "x265-params": "log-level=none:pools=none"}
    )


CODECS: dict[str, Callable[[np.ndarray], EncodedClip]] = {
    "this project's (steps of 1/32 px)": encode_steps,
    "JPEG pair, ±20 px, q 95": encode_jpeg_pairs,
    "PNG, 16 bits (KITTI)": encode_png,
    "float16, deflated": encode_float16,
    "float32, deflated": encode_float32,
    "FFV1, 16 bits": encode_ffv1,
    "H.264, 10 bits, crf 4": encode_h264,
    "HEVC, 10 bits, crf 4": encode_hevc,
}


def _encode_fields(
    fields: np.ndarray, encode: Callable[[np.ndarray], bytes], decode: Callable[[bytes], np.ndarray]
) -> EncodedClip:
    payloads = [encode(field) for field in fields]
    return EncodedClip(
        sum(map(len, payloads)), lambda indices: np.stack([decode(payloads[index]) for index in indices])
    )


def _decode_image(payload: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(payload, np.uint8), cv2.IMREAD_UNCHANGED)  # type: ignore[return-value]


def _encode_ten_bits(fields: np.ndarray, codec: str, options: dict[str, str]) -> EncodedClip:
    low = float(fields.min())
    high = float(fields.max())
    step = max(high - low, 1e-6) / 1023
    codes = np.rint((fields - low) / step).astype(np.uint16)
    return _encode_video(codes, step, low, codec, "gray10le", {**options, "g": str(GROUP_SIZE), "bf": "0"})


def _encode_video(
    codes: np.ndarray, step: float, low: float, codec: str, pixel_format: str, options: dict[str, str]
) -> EncodedClip:
    """Encode codes uint16 ``[T, H, W, 2]`` as gray frames, u above v."""
    num_fields, height, width = codes.shape[:3]
    frame_width = max(width, 64)  # x265 ends the process on narrower frames
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        stream: Any = container.add_stream(codec, rate=VIDEO_FPS, options=options)
        stream.width = frame_width
        stream.height = 2 * height
        stream.pix_fmt = pixel_format
        stream.codec_context.thread_count = 1
        for planes in codes.transpose(0, 3, 1, 2).reshape(num_fields, 2 * height, width):
            padded = np.pad(planes, ((0, 0), (0, frame_width - width)))
            container.mux(stream.encode(_gray_frame(padded, pixel_format)))
        container.mux(stream.encode(None))
    content = file.getvalue()

    def read(indices: Sequence[int]) -> np.ndarray:
        planes_by_index: dict[int, np.ndarray] = {}
        with av.open(io.BytesIO(content), "r") as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            time_base = float(stream.time_base or Fraction(1, 1000))
            position = -1
            for index in indices:
                if index in planes_by_index:
                    continue
                if position < 0 or index > position + GROUP_SIZE:
                    container.seek(round(index / VIDEO_FPS / time_base), stream=stream)
                    frames = container.decode(stream)
                for frame in frames:
                    position = round(float(frame.time or 0) * VIDEO_FPS)
                    if position >= index:
                        planes_by_index[index] = frame.to_ndarray()[: 2 * height, :width]
                        break
        planes = np.stack([planes_by_index[index] for index in indices]).reshape(-1, 2, height, width)
        return planes.transpose(0, 2, 3, 1).astype(np.float32) * np.float32(step) + np.float32(low)

    return EncodedClip(len(content), read)


def _gray_frame(planes: np.ndarray, pixel_format: str) -> av.VideoFrame:
    frame = av.VideoFrame(planes.shape[1], planes.shape[0], pixel_format)
    stride = frame.planes[0].line_size // 2
    padded = np.zeros((planes.shape[0], stride), np.uint16)
    padded[:, : planes.shape[1]] = planes
    frame.planes[0].update(padded.tobytes())
    return frame

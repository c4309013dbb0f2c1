"""Reader of stored flow at given times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from modalities.checks import fail
from modalities.clips import FlowClip, Source
from modalities.flow.storage.field_codec import CURE
from modalities.flow.storage.flow_file import FlowFile
from modalities.letterbox import letterbox, letterbox_geometry
from modalities.registry import TRANSFORMS


@TRANSFORMS.register_module()
class FlowReader:
    """Reader of the fields on display, scaled to fit the frame size, centred and padded with zeros.

    Vectors are scaled with their field. Where the frame rate varies, they are scaled to one interval, the median:
    ``FlowClip.dt``.

    Args:
        frame_size: height and width of the clip, pixels.
    """

    modality: ClassVar[str] = "flow"

    def __init__(self, *, frame_size: Sequence[int]) -> None:
        self.frame_size = (frame_size[0], frame_size[1])

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> FlowClip:
        """Return the fields on display at ``times``; times after the last field's frame interval are marked invalid.

        Shapes: ``times`` seconds ``[T]``, ``valid`` bool ``[T]``.

        Raises:
            InputError: If the file is missing, damaged, or does not hold ``source.num`` fields.
        """
        file = FlowFile(source.path)
        if file.num != source.num:
            fail(f"flow '{source.path}'", f"hold {source.num} fields", file.num, CURE)
        indices = source.locate(times)
        fields = file.read(indices)
        if fields.shape[1:3] != self.frame_size:
            fields = np.stack([self.fit(field) for field in fields])
        return self.make_clip(fields, source, indices, times, valid)

    def fit(self, field: np.ndarray) -> np.ndarray:
        """Return a field letterboxed to the frame size, its vectors scaled with it.

        Shapes: float32 ``[h, w, 2]`` -> ``[H, W, 2]``.
        """
        scale = letterbox_geometry((field.shape[0], field.shape[1]), self.frame_size)[0]
        return letterbox(field, self.frame_size) * np.float32(scale)

    def make_clip(
        self, fields: np.ndarray, source: Source, indices: np.ndarray, times: np.ndarray, valid: np.ndarray
    ) -> FlowClip:
        """Return a clip of fields of the frame size.

        Args:
            fields: float32 ``[T, H, W, 2]``.
            source: source of the fields.
            indices: numbers of the fields in the source, int ``[T]``.
            times: seconds ``[T]``.
            valid: bool ``[T]``.
        """
        dt, gains = _normalize_intervals(source, indices)
        data = fields if gains is None else fields * gains.astype(np.float32)[:, None, None, None]
        return FlowClip(data, dt, times, valid & (times < source.end))

    def blank(self, times: np.ndarray) -> FlowClip:
        """Return a clip without motion, for a record without flow."""
        data = np.zeros((len(times), *self.frame_size, 2), np.float32)
        return FlowClip(data, 1.0, times, np.zeros(len(times), bool))

    def check_stored(self, subject: str, info: Mapping[str, Any]) -> None:
        """Accept any stored stream: flow files are of one kind."""


def _normalize_intervals(source: Source, indices: np.ndarray) -> tuple[float, np.ndarray | None]:
    """Return ``dt`` of a clip and the factor of each of its fields, None where the frame rate is constant."""
    if source.fps is not None:
        return 1 / source.fps, None
    if source.num < 2:
        return 1.0, None  # a single interval of unknown length
    lengths = np.diff(source.entry_times)
    lengths = np.append(lengths, lengths[-1])  # the index does not say when the last frame began
    dt = float(np.median(lengths))
    return dt, dt / lengths[indices]

"""Stored flow, read on the clock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modalities.augmentation import letterbox_geometry
from modalities.checks import fail
from modalities.clips import FlowClip
from modalities.flow.codec import CURE, FlowFile
from modalities.letterbox import letterbox
from modalities.registry import TRANSFORMS
from modalities.source import Source


@TRANSFORMS.register_module()
class FlowReader:
    """Reads the fields on display, scaled to fit the canvas, centred and padded with zeros; vectors scale with it.

    Where the frame rate varies, vectors are brought to one interval, the median one: ``FlowClip.dt``.

    Args:
        frame_size: height and width of the canvas, pixels.
    """

    def __init__(self, *, frame_size: Sequence[int]) -> None:
        self.frame_size = (frame_size[0], frame_size[1])

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> FlowClip:
        """The fields on display at ``times``; a time after the last field's frame interval is marked invalid.

        Shapes: seconds ``[T]``, bool ``[T]``.

        Raises:
            InputError: if the file is missing, damaged, or does not hold ``source.num`` fields.
        """
        file = FlowFile(source.path)
        if file.num != source.num:
            fail(f"flow '{source.path}'", f"hold {source.num} fields", file.num, CURE)
        shown = source.locate(times)
        fields = file.read(shown)
        if fields.shape[1:3] != self.frame_size:
            fields = np.stack([self.place(field) for field in fields])
        return self.clip(fields, source, shown, times, valid)

    def place(self, field: np.ndarray) -> np.ndarray:
        """A field on the canvas, vectors scaled with it. Shapes: float32 ``[h, w, 2]`` -> ``[H, W, 2]``."""
        scale = letterbox_geometry((field.shape[0], field.shape[1]), self.frame_size)[0]
        return letterbox(field, self.frame_size) * np.float32(scale)

    def clip(
        self, fields: np.ndarray, source: Source, shown: np.ndarray, times: np.ndarray, valid: np.ndarray
    ) -> FlowClip:
        """A clip of placed fields; ``shown`` are their numbers in the source.

        Shapes: float32 ``[T, H, W, 2]``, int ``[T]``, seconds ``[T]``, bool ``[T]``.
        """
        dt, gains = _intervals(source, shown)
        data = fields if gains is None else fields * gains.astype(np.float32)[:, None, None, None]
        return FlowClip(data, dt, times, valid & (times < source.end))

    def blank(self, times: np.ndarray) -> FlowClip:
        """A clip without motion, for a record without flow."""
        data = np.zeros((len(times), *self.frame_size, 2), np.float32)
        return FlowClip(data, 1.0, times, np.zeros(len(times), bool))


def _intervals(source: Source, shown: np.ndarray) -> tuple[float, np.ndarray | None]:
    """``dt`` of a clip and the factor of each of its fields; None where the rate is constant."""
    if source.fps is not None:
        return 1 / source.fps, None
    if source.num < 2:
        return 1.0, None  # a single interval of unknown length
    lengths = np.diff(source.entry_times)
    lengths = np.append(lengths, lengths[-1])  # the index does not say when the last frame began
    dt = float(np.median(lengths))
    return dt, dt / lengths[shown]

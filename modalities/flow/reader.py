"""Reader of stored flow at given times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, ClassVar

import cv2
import numpy as np

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import check_choice, fail
from triad.modalities.clips import FlowClip, Source, stack_entries
from triad.modalities.flow.storage.field_codec import CURE, interleave
from triad.modalities.flow.storage.flow_file import FlowFile
from triad.modalities.letterbox import CROP_MODES, letterbox, letterbox_geometry
from triad.modalities.registry import TRANSFORMS
from triad.modalities.view_crop import ViewCrop


@TRANSFORMS.register_module()
class FlowReader:
    """Reader of the fields on display, scaled to the frame size, centred, and padded with zeros or cut.

    Vectors are scaled with their field. Where the frame rate varies, they are scaled to one interval, the median:
    ``FlowClip.dt``.

    With a ``stack``, each time holds that many consecutive fields from the one on display on (Simonyan & Zisserman
    2014, Two-Stream Convolutional Networks, §3.1). Near the end of the file the stack is moved back until it fits. In a
    file of fewer fields it holds all of them, then fields without motion, and its times are marked invalid.

    Args:
        frame_size: height and width of the clip, pixels.
        stack: number of consecutive fields at each time, L; None reads single fields without the axis L.
        crop_mode: ``border`` to pad a picture of another aspect ratio than the frame's, ``center`` to cut it.

    Raises:
        InputError: If ``stack`` is below 1, or for an unknown crop mode.
    """

    modality: ClassVar[str] = "flow"

    def __init__(self, *, frame_size: Sequence[int], stack: int | None = None, crop_mode: str = "border") -> None:
        if stack is not None and stack < 1:
            fail("FlowReader.stack", "be at least 1 field, or None", stack)
        self.frame_size = (frame_size[0], frame_size[1])
        self.stack = stack
        self.crop_mode = check_choice("FlowReader.crop_mode", crop_mode, CROP_MODES)
        self.crop: ViewCrop | None = None

    @property
    def clip_size(self) -> tuple[int, int]:
        """Height and width of a clip, pixels."""
        return self.frame_size if self.crop is None else self.crop.size

    def cropped(self, view: SpatialAugmentation, size: tuple[int, int]) -> FlowReader:
        """Return a reader of what a view shows, at the size of the network's input and in its pixels."""
        reader = copy(self)
        reader.crop = ViewCrop(view, size, self.frame_size, self.crop_mode)
        return reader

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> FlowClip:
        """Return the fields on display at ``times``; times after the last field's frame interval are marked invalid.

        Shapes: ``times`` seconds ``[T]``, ``valid`` bool ``[T]``.

        Raises:
            InputError: If the file is missing, damaged, or does not hold ``source.num`` fields.
        """
        file = FlowFile(source.path)
        if file.num != source.num:
            fail(f"flow '{source.path}'", f"hold {source.num} fields", file.num, CURE)
        indices = self.locate(source, times)
        is_stored = self.crop is None and (file.height, file.width) == self.frame_size
        fields = file.read(indices.ravel(), transform=interleave if is_stored else self.fit)
        fields = fields.reshape(*indices.shape, *self.clip_size, 2)
        return self.make_clip(fields, source, indices, times, valid)

    def locate(self, source: Source, times: np.ndarray) -> np.ndarray:
        """Return the indices of the fields that a clip shows at each time.

        Shapes: seconds ``[T]`` -> int ``[T]``, with a stack ``[T, L]``.
        """
        indices = source.locate(times)
        return indices if self.stack is None else stack_entries(indices, num_entries=source.num, stack=self.stack)

    def fit(self, field: np.ndarray) -> np.ndarray:
        """Return a field on the canvas of the frame size, or its crop, its vectors scaled with it.

        Shapes: float32 ``[h, w, 2]`` -> ``[H, W, 2]``.
        """
        if self.crop is not None:
            scales = self.crop.scales((field.shape[0], field.shape[1]))
            return cv2.merge([self.crop(field[..., axis]) * np.float32(factor) for axis, factor in enumerate(scales)])
        scale = letterbox_geometry((field.shape[0], field.shape[1]), self.frame_size, self.crop_mode)[0]
        placed = [letterbox(field[..., axis], self.frame_size, self.crop_mode) for axis in (0, 1)]
        return cv2.merge(placed) * np.float32(scale)

    def make_clip(
        self, fields: np.ndarray, source: Source, indices: np.ndarray, times: np.ndarray, valid: np.ndarray
    ) -> FlowClip:
        """Return a clip of fields of the frame size.

        Args:
            fields: float32 ``[T, H, W, 2]``, with a stack ``[T, L, H, W, 2]``.
            source: source of the fields.
            indices: indices of the fields, as :meth:`locate` gives them.
            times: seconds ``[T]``.
            valid: bool ``[T]``.
        """
        dt, gains = _normalize_intervals(source, indices)
        data = fields if gains is None else fields * gains.astype(np.float32)[..., None, None, None]
        valid = valid & (times < source.end)
        if self.stack is not None and source.num < self.stack:
            is_real = np.arange(self.stack) < source.num
            data = data * is_real.astype(np.float32)[:, None, None, None]
            valid = np.zeros_like(valid)
        return FlowClip(data, dt, times, valid, self.crop is not None)

    def blank(self, times: np.ndarray) -> FlowClip:
        """Return a clip without motion, for a record without flow."""
        stack_axis = () if self.stack is None else (self.stack,)
        data = np.zeros((len(times), *stack_axis, *self.clip_size, 2), np.float32)
        return FlowClip(data, 1.0, times, np.zeros(len(times), bool), self.crop is not None)

    def check_stored(self, subject: str, info: Mapping[str, Any]) -> None:
        """Accept any stored stream: flow files are of one kind."""


def _normalize_intervals(source: Source, indices: np.ndarray) -> tuple[float, np.ndarray | None]:
    """Return ``dt`` of a clip and the factor of each of its fields, None where the frame rate is constant.

    Shapes: int ``[T]`` or ``[T, L]`` -> float64 of the same shape.
    """
    if source.fps is not None:
        return 1 / source.fps, None
    if source.num < 2:
        return 1.0, None  # a single interval of unknown length
    lengths = np.diff(source.entry_times)
    lengths = np.append(lengths, lengths[-1])  # the index does not say when the last frame began
    dt = float(np.median(lengths))
    return dt, dt / lengths[indices]

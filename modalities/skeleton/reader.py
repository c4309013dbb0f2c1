"""Skeletons of a prepared dataset, from its packed store or from a file a clip, read on the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from modalities.checks import InputError, fail
from modalities.clips import PoseClip
from modalities.letterbox import letterbox_geometry
from modalities.registry import TRANSFORMS
from modalities.skeleton.convert import check_convertible, convert
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.pose_loader import PoseLoader
from modalities.skeleton.poses import Poses
from modalities.source import Source

CURE = "prepare the dataset again"


@TRANSFORMS.register_module()
class PoseReader:
    """Reads clips of a :class:`PoseStore`, or ``.npz`` files that each hold the arrays of one :class:`Poses`.

    Pixels (and keypoints of 2D layouts) come out on the canvas, where the frames are too; lost joints are 0.

    Args:
        layout: name of the joint layout of the clips, which is what a model is built for.
        frame_size: height and width of the canvas.
        convert_from: name of the layout that is stored, if it is another one; see :func:`convert`.
        persons: the most to read, the first ones of those stored, who matter most; None reads all.

    Raises:
        InputError: for an unknown layout, a 3D one of stored 2D poses, or fewer than 1 person.
    """

    modality: ClassVar[str] = "skeleton"

    def __init__(
        self, *, layout: str, frame_size: Sequence[int], convert_from: str | None = None, persons: int | None = None
    ) -> None:
        self.layout = get_layout(layout)
        self.stored = get_layout(convert_from or layout)
        check_convertible(self.stored, self.layout)
        self.frame_size = (frame_size[0], frame_size[1])
        if persons is not None and persons < 1:
            fail("PoseReader.persons", "be at least 1 or None", persons)
        self.persons = persons
        self._loader = PoseLoader(self.stored, target=self.layout)

    def check_stored(self, subject: str, info: Mapping[str, Any]) -> None:
        """Refuse a stream of another layout than this reader reads, see :class:`modalities.reader.Reader`.

        Raises:
            InputError: naming ``subject``, both layouts and the conversion.
        """
        if "layout" in info:
            self._loader.check_layout(f"layout of {subject}", info["layout"])

    def with_frame_size(self, frame_size: Sequence[int]) -> PoseReader:
        """Return a reader of the same joints on another canvas."""
        stored, layout = self.stored.name, self.layout.name
        return PoseReader(layout=layout, frame_size=frame_size, convert_from=stored, persons=self.persons)

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> PoseClip:
        """The poses on display at ``times``; a time after the last pose ended is marked invalid.

        Shapes: seconds ``[T]``, bool ``[T]``.

        Raises:
            InputError: if the file is missing, damaged, not of the layout, or does not hold ``source.num`` poses; if
                pixels come without the size of their frames, or a conversion needs pixels that there are not.
        """
        return self.make_clip(self._loader.load_arrays(source, source.locate(times)), source, times, valid)

    def make_clip(
        self, arrays: dict[str, np.ndarray], source: Source, times: np.ndarray, valid: np.ndarray
    ) -> PoseClip:
        """A clip of the arrays of what is on display at ``times``, in the stored layout; they are changed.

        Shapes: ``keypoints`` ``[M, T, V, C]``, ``scores`` ``[M, T, V]``, ``pixels`` ``[M, T, V, 2]`` where known.

        Raises:
            InputError: as :meth:`read`, but for the file.
        """
        arrays = {name: array[: self.persons] for name, array in arrays.items()}
        if self.stored is not self.layout:
            poses = convert(Poses(layout=self.stored.name, **arrays), to=self.layout.name)
            keypoints, scores, pixels = poses.keypoints, poses.scores, poses.pixels
        else:
            keypoints, scores, pixels = arrays["keypoints"], arrays["scores"], arrays.get("pixels")
        lost = scores <= 0
        if self.layout.dims == 2:
            keypoints = self._on_canvas(keypoints, source)
        if pixels is not None:
            pixels = self._on_canvas(pixels, source)
            pixels[lost] = 0
        keypoints[lost] = 0
        try:
            return PoseClip(keypoints, scores, self.layout.name, times, valid & (times < source.end), pixels)
        except InputError as error:
            raise InputError(f"skeleton source '{source.path}': {error}; {CURE}") from None

    def blank(self, times: np.ndarray) -> PoseClip:
        """A clip in which nobody is seen."""
        shape = (1, len(times), self.layout.num_joints)
        keypoints = np.zeros((*shape, self.layout.dims), np.float32)
        return PoseClip(keypoints, np.zeros(shape, np.float32), self.layout.name, times, np.zeros(len(times), bool))

    def _on_canvas(self, pixels: np.ndarray, source: Source) -> np.ndarray:
        if source.size_hw is None:
            fail(f"skeleton source '{source.path}'", 'give "size": [H, W] of its frames in the index', "none", CURE)
        scale, dx, dy = letterbox_geometry(source.size_hw, self.frame_size)
        # letterbox_geometry speaks of pixel corners, joints of pixel centres
        offset = np.array([dx, dy], np.float32) + np.float32(0.5 * (scale - 1))
        return np.float32(scale) * pixels + offset

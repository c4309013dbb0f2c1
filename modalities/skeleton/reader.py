"""Reader of skeletons: the poses of a prepared dataset on display at given times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from triad.modalities.checks import InputError, check_choice, fail
from triad.modalities.clips import PoseClip, Source
from triad.modalities.letterbox import CROP_MODES, letterbox_geometry
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.convert import check_convertible, convert
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.pose_loader import CURE, PoseLoader
from triad.modalities.skeleton.poses import Poses


@TRANSFORMS.register_module()
class PoseReader:
    """Reader of clips of a packed store or of files of one clip each, see
    :class:`triad.modalities.clips.reader.Reader`.

    Pixels, and keypoints of 2D layouts, are moved onto the canvas of the frames; missing joints are 0.

    Args:
        layout: name of the joint layout of the clips, for which the model is built.
        frame_size: height and width of the canvas, pixels.
        convert_from: name of the stored layout, if it is another one; see :func:`convert`.
        persons: largest number of persons to read, the first stored ones, which are the main ones; None reads all.
        crop_mode: that of the frames, see :class:`triad.modalities.rgb.reader.RgbReader`.

    Raises:
        InputError: for an unknown layout or crop mode, a 3D layout of stored 2D poses, or fewer than 1 person.
    """

    modality: ClassVar[str] = "skeleton"

    def __init__(
        self,
        *,
        layout: str,
        frame_size: Sequence[int],
        convert_from: str | None = None,
        persons: int | None = None,
        crop_mode: str = "border",
    ) -> None:
        self.layout = get_layout(layout)
        self.stored = get_layout(convert_from or layout)
        check_convertible(self.stored, self.layout)
        self.frame_size = (frame_size[0], frame_size[1])
        if persons is not None and persons < 1:
            fail("PoseReader.persons", "be at least 1 or None", persons)
        self.persons = persons
        self.crop_mode = check_choice("PoseReader.crop_mode", crop_mode, CROP_MODES)
        self._loader = PoseLoader(self.stored, target=self.layout)

    def check_stored(self, subject: str, info: Mapping[str, Any]) -> None:
        """Refuse a stream of another layout, see :class:`triad.modalities.clips.reader.Reader`.

        Raises:
            InputError: naming ``subject``, both layouts and the conversion.
        """
        if "layout" in info:
            self._loader.check_layout(f"layout of {subject}", info["layout"])

    def with_frame_size(self, frame_size: Sequence[int]) -> PoseReader:
        """Return a reader of the same joints on a canvas that shows all of a picture."""
        stored = self.stored.name
        layout = self.layout.name
        return PoseReader(layout=layout, frame_size=frame_size, convert_from=stored, persons=self.persons)

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> PoseClip:
        """Return the poses on display at ``times``; a time after the end of the last pose is marked invalid.

        Args:
            source: file or clip of a store, and its clock.
            times: seconds.
            valid: False for times outside of the sample.

        Shapes: ``[T]``, bool ``[T]``.

        Raises:
            InputError: If the file is missing, damaged, not of the layout, or does not hold ``source.num`` poses;
                when pixels come without the size of their frames, or a conversion needs pixels that are not stored.
        """
        return self.make_clip(self._loader.load_arrays(source, source.locate(times)), source, times, valid)

    def make_clip(
        self, arrays: dict[str, np.ndarray], source: Source, times: np.ndarray, valid: np.ndarray
    ) -> PoseClip:
        """Return a clip of poses in the stored layout.

        Args:
            arrays: poses on display at ``times``; they are changed.
            source: clock of the poses and size of their frames.
            times: seconds.
            valid: False for times outside of the sample.

        Shapes: ``keypoints`` ``[M, T, V, C]``, ``scores`` ``[M, T, V]``, ``pixels`` ``[M, T, V, 2]`` where known.

        Raises:
            InputError: like :meth:`read`, except for the file.
        """
        arrays = {name: array[: self.persons] for name, array in arrays.items()}
        if self.stored is not self.layout:
            poses = convert(Poses(layout=self.stored.name, **arrays), to=self.layout.name)
            arrays = {"keypoints": poses.keypoints, "scores": poses.scores}
            if poses.pixels is not None:
                arrays["pixels"] = poses.pixels
        keypoints = arrays["keypoints"]
        scores = arrays["scores"]
        pixels = arrays.get("pixels")
        missing = scores <= 0
        if self.layout.dims == 2:
            keypoints = self._to_canvas(keypoints, source)
        if pixels is not None:
            pixels = self._to_canvas(pixels, source)
            pixels[missing] = 0
        keypoints[missing] = 0
        try:
            return PoseClip(keypoints, scores, self.layout.name, times, valid & (times < source.end), pixels)
        except InputError as error:
            raise InputError(f"skeleton source '{source.path}': {error}; {CURE}") from None

    def blank(self, times: np.ndarray) -> PoseClip:
        """Return a clip without visible joints."""
        shape = (1, len(times), self.layout.num_joints)
        keypoints = np.zeros((*shape, self.layout.dims), np.float32)
        return PoseClip(keypoints, np.zeros(shape, np.float32), self.layout.name, times, np.zeros(len(times), bool))

    def _to_canvas(self, pixels: np.ndarray, source: Source) -> np.ndarray:
        if source.size_hw is None:
            fail(f"skeleton source '{source.path}'", 'give "size": [H, W] of its frames in the index', "none", CURE)
        scale, dx, dy = letterbox_geometry(source.size_hw, self.frame_size, self.crop_mode)
        # letterbox_geometry counts from pixel corners, joints from pixel centres
        offset = np.array([dx, dy], np.float32) + np.float32(0.5 * (scale - 1))
        return np.float32(scale) * pixels + offset

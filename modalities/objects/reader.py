"""Reader of detected objects at given times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from triad.modalities.checks import check_choice, fail
from triad.modalities.clips import Source
from triad.modalities.letterbox import CROP_MODES, letterbox_geometry
from triad.modalities.objects.clip import ObjectClip
from triad.modalities.objects.object_file import StoredObjects, pad_objects, read_objects
from triad.modalities.objects.vocabularies import get_vocabulary
from triad.modalities.registry import TRANSFORMS


@TRANSFORMS.register_module()
class ObjectReader:
    """Reader of the objects on display, the most certain ones, in the classes of a model.

    Classes are matched by name: objects of a class that the vocabulary lacks are left out.

    Args:
        vocabulary: name of the vocabulary, see :mod:`triad.modalities.objects.vocabularies`.
        frame_size: height and width of the canvas onto which boxes are moved, pixels.
        max_objects: number of objects a time.
        min_score: lowest score of an object.
        crop_mode: that of the frames, see :class:`triad.modalities.rgb.reader.RgbReader`.

    Raises:
        InputError: for an unknown vocabulary or crop mode, or fewer than 1 object.
    """

    modality: ClassVar[str] = "objects"

    def __init__(
        self,
        *,
        vocabulary: str,
        frame_size: Sequence[int],
        max_objects: int = 8,
        min_score: float = 0.0,
        crop_mode: str = "border",
    ) -> None:
        self.vocabulary = vocabulary
        self.classes = get_vocabulary(vocabulary)
        self.frame_size = (frame_size[0], frame_size[1])
        if max_objects < 1:
            fail("ObjectReader.max_objects", "be at least 1", max_objects)
        self.max_objects = max_objects
        self.min_score = min_score
        self.crop_mode = check_choice("ObjectReader.crop_mode", crop_mode, CROP_MODES)

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> ObjectClip:
        """Return the objects on display at ``times``; times after the last entry are marked invalid.

        Shapes: ``times`` seconds ``[T]``, ``valid`` bool ``[T]``.

        Raises:
            InputError: If the file is missing or damaged, or does not hold ``source.num`` entries.
        """
        objects = read_objects(source.path)
        if len(objects.boxes) != source.num:
            fail(f"object file '{source.path}'", f"hold {source.num} entries", len(objects.boxes), "extract it again")
        return self.make_clip(objects, source.locate(times), times, valid & (times < source.end))

    def make_clip(
        self, objects: StoredObjects, indices: np.ndarray, times: np.ndarray, valid: np.ndarray
    ) -> ObjectClip:
        """Return a clip of stored objects.

        Args:
            objects: objects of a video.
            indices: entries on display at ``times``, int ``[T]``.
            times: seconds ``[T]``.
            valid: False for times outside of the sample, bool ``[T]``.
        """
        numbers = {name: number for number, name in enumerate(self.classes)}
        mapping = np.array([numbers.get(name, -1) for name in objects.classes] or [-1])
        labels = mapping[objects.labels[indices]]
        scores = objects.scores[indices]
        is_kept = (labels >= 0) & (scores > 0) & (scores >= self.min_score)
        scale, dx, dy = letterbox_geometry(objects.size_hw, self.frame_size, self.crop_mode)
        boxes = objects.boxes[indices] * np.float32(scale) + np.array([dx, dy, dx, dy], np.float32)
        frames = [(boxes[time, kept], labels[time, kept], scores[time, kept]) for time, kept in enumerate(is_kept)]
        return ObjectClip(*pad_objects(frames, self.max_objects), self.vocabulary, times, valid)

    def blank(self, times: np.ndarray) -> ObjectClip:
        """Return a clip without objects, for a record that lacks the stream."""
        empty = (np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros(0, np.float32))
        arrays = pad_objects([empty] * len(times), self.max_objects)
        return ObjectClip(*arrays, self.vocabulary, times, np.zeros(len(times), bool))

    def check_stored(self, subject: str, info: Mapping[str, Any]) -> None:
        """Refuse a stream that has no class of the vocabulary, see :class:`triad.modalities.clips.reader.Reader`.

        Raises:
            InputError: naming the subject and both lists of classes.
        """
        classes = info.get("classes", self.classes)
        if not set(classes) & set(self.classes):
            stored = ", ".join(classes[:4])
            cure = "choose the reader's vocabulary by the detector"
            fail(f"objects of {subject}", f"be of vocabulary '{self.vocabulary}'", f"{stored} …", cure)

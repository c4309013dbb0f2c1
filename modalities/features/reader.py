"""Reader of features at given times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.features.clip import FeatureClip
from triad.modalities.features.feature_file import read_features
from triad.modalities.registry import TRANSFORMS


@TRANSFORMS.register_module()
class FeatureReader:
    """Reader of the vectors on display.

    Args:
        channels: length of a vector; a prepared dataset says it.

    Raises:
        InputError: for a length below 1.
    """

    modality: ClassVar[str] = "features"
    frame_size = (1, 1)
    crop_mode = "border"

    def __init__(self, *, channels: int) -> None:
        if channels < 1:
            fail("FeatureReader.channels", "be at least 1", channels)
        self.channels = channels

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> FeatureClip:
        """Return the vectors on display at ``times``; times after the last one are marked invalid.

        Shapes: ``times`` seconds ``[T]``, ``valid`` bool ``[T]``.

        Raises:
            InputError: If the file is missing or damaged, or holds other vectors than the index says.
        """
        stored = read_features(source.path)
        if stored.data.shape != (source.num, self.channels):
            got = " × ".join(map(str, stored.data.shape))
            must = f"hold {source.num} vectors of {self.channels}"
            fail(f"feature file '{source.path}'", must, got, "extract it again, or take the config for these features")
        entries = source.locate(times)
        is_there = valid & (times < source.end) & stored.present[entries]
        return FeatureClip(stored.data[entries], times, is_there)

    def blank(self, times: np.ndarray) -> FeatureClip:
        """Return a clip of zeros, for a record that lacks the stream."""
        return FeatureClip(np.zeros((len(times), self.channels), np.float32), times, np.zeros(len(times), bool))

    def check_stored(self, subject: str, info: Mapping[str, Any]) -> None:
        """Refuse a stream of vectors of another length, see :class:`triad.modalities.clips.reader.Reader`.

        Raises:
            InputError: naming the subject and both lengths.
        """
        stored = info.get("channels", self.channels)
        if stored != self.channels:
            cure = "give the config --data of this dataset, which sets it"
            fail(f"vectors of {subject}", f"have {self.channels} channels", stored, cure)

"""Interfaces of a clip and of the reader that makes it, the same for every modality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import numpy as np

from triad.modalities.clips.source import Source


class Clip(Protocol):
    """Data of one stream within one span, see ``triad.modalities.clips``.

    Attributes:
        modality: name of the modality, see :data:`triad.modalities.modality.MODALITIES`.

    Shapes: ``times`` seconds ``[T]``, ``valid`` bool ``[T]``.
    """

    modality: ClassVar[str]

    @property
    def times(self) -> np.ndarray: ...

    @property
    def valid(self) -> np.ndarray: ...


class Reader(Protocol):
    """Reads one stream: the entries on display at given times.

    A reader of pictures may have a method ``cropped(view, size)``, which returns a reader of what a view shows.

    Attributes:
        modality: name of the modality of its clips.
        frame_size: height and width of the canvas, pixels.
        crop_mode: how pictures of another aspect ratio meet the canvas, see
            :data:`triad.modalities.letterbox.CROP_MODES`.
    """

    modality: ClassVar[str]
    frame_size: tuple[int, int]
    crop_mode: str

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> Any:
        """Return the clip of the entries on display at ``times``.

        Raises:
            InputError: If the file is missing or damaged, or holds something else than the source says.
        """
        ...

    def blank(self, times: np.ndarray) -> Any:
        """Return a clip without content, for a record that lacks the stream."""
        ...

    def check_stored(self, subject: str, info: Mapping[str, Any]) -> None:
        """Refuse a stored stream that this reader cannot read.

        Args:
            subject: words that name the stream in the message.
            info: entry of the stream in ``metainfo.streams`` of the index.

        Raises:
            InputError: naming the subject, what differs and the cure.
        """
        ...

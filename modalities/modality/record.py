"""Record of a modality: everything in which modalities differ.

A modality is added by a folder ``modalities/NAME`` whose ``modality.py`` defines such a record as ``MODALITY``, and by
its name in :data:`MODALITIES` and :data:`COLORS`. A record is imported at its first use, so that modalities never
import each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from triad.modalities.checks import check_choice, fail

if TYPE_CHECKING:  # an index needs the names alone, and shall not import torch for them
    import numpy as np
    from torch import Tensor

    from triad.modalities.clips import Clip, Reader
    from triad.modalities.live import LiveInput
    from triad.modalities.modality.model_input import ModelInput
    from triad.modalities.modality.painting import Canvas, ClipPainter, Color
    from triad.modalities.modality.stored_files import StoredFiles

MODALITIES = ("rgb", "flow", "skeleton", "depth", "objects", "features")
"""Names of all modalities, in the order in which their streams are listed and drawn."""
COLORS: dict[str, Color] = {
    "rgb": (192, 96, 63),
    "flow": (58, 127, 156),
    "skeleton": (98, 137, 63),
    "depth": (146, 98, 142),
    "objects": (60, 120, 130),
    "features": (110, 110, 110),
}
"""Colour of the rows and labels of each modality; here, because a page shall not import torch for them."""


@dataclass(frozen=True, kw_only=True)
class Modality:
    """One modality, from its files to the input of a network.

    Args:
        name: name of its folder, and ``modality`` of its streams in an index.
        clip: class of its clips.
        reader: class of its reader.
        default_reader: function from the entry of a stream in ``metainfo.streams`` and a frame size (height and width,
            pixels) to a reader of the stream.
        collate: function from the clips of a batch to its tensors, see :func:`triad.fusion.data.collate.collate`.
        fill: function from a blank clip and a number of persons to the clip of a full sample, whose cost is counted:
            all times valid and, of joints, all persons visible.
        randomize: function from a clip and a random generator to the clip with random content, on which exported
            models are compared.
        files: check and description of its files.
        input: description of its tensors in a batch.
        live: source of its streams in prediction.
        painter: function from a clip, which sets the scale of the colours, and a canvas to a painter of clips.
        num_probes: number of times of the clip that sets the scale for a whole video; None takes all times.
        is_backdrop: whether its pictures may lie behind those of other streams.
        has_joints: whether its clips hold joints, whose relevance can be computed.
        required_info: keys that the entry of a stream in ``metainfo.streams`` needs beside ``modality``.
        stream_prefixes: first words of the names of its streams, as ``pose`` of ``pose_rtmpose``.
        add_command: function from the name of a stream and the folder of a dataset to the command that adds the stream
            to the dataset; it returns None if there is none.
    """

    name: str
    clip: type[Clip]
    reader: type[Reader]
    default_reader: Callable[[Mapping[str, Any], tuple[int, int]], Reader]
    collate: Callable[[Sequence[Any]], dict[str, Tensor]]
    fill: Callable[[Any, int], Any]
    randomize: Callable[[Any, np.random.Generator], Any]
    files: StoredFiles
    input: ModelInput
    live: LiveInput
    painter: Callable[[Any, Canvas], ClipPainter]
    num_probes: int | None = 1
    is_backdrop: bool = False
    has_joints: bool = False
    required_info: tuple[str, ...] = ()
    stream_prefixes: tuple[str, ...]
    add_command: Callable[[str, str], str | None] = lambda stream, data: None

    @property
    def color(self) -> Color:
        """Colour of its rows and labels."""
        return COLORS[self.name]

    def check_info(self, stream: str, info: Mapping[str, Any]) -> None:
        """Check that the index has all that must be known of a stream.

        Args:
            stream: name of the stream, for the message.
            info: entry of the stream in ``metainfo.streams``.

        Raises:
            InputError: naming the key that is missing.
        """
        for key in self.required_info:
            if key not in info:
                fail(f"stream '{stream}' of the index", f"have '{key}'", f"only {', '.join(info)}", "prepare again")


def get_modality(name: str) -> Modality:
    """Return the record of a modality by its name.

    Raises:
        InputError: If there is none, naming the nearest.
    """
    check_choice("modality", name, MODALITIES)
    return import_module(f"triad.modalities.{name}.modality").MODALITY


def modality_of_reader(spec: Mapping[str, Any]) -> Modality:
    """Return the modality of a reader, given its config ``{type, …}``: a class, or its name as a string.

    Raises:
        InputError: If no modality has such a reader.
    """
    reader = spec["type"]
    if not isinstance(reader, str):
        return get_modality(reader.modality)
    modalities = {get_modality(modality).reader.__name__: modality for modality in MODALITIES}
    return get_modality(modalities[check_choice("reader", reader.rpartition(".")[2], modalities)])


def modality_of_stream(stream: str) -> Modality | None:
    """Return the modality of a stream by its name, as flow of ``flow_dis``; None if the name has no known prefix."""
    prefix = stream.partition("_")[0]
    return next((modality for modality in map(get_modality, MODALITIES) if prefix in modality.stream_prefixes), None)

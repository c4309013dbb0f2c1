"""Record of everything that differs from modality to modality.

A modality is added by a folder ``modalities/NAME`` whose ``modality.py`` defines such a record as ``MODALITY``, and by
its name in :data:`MODALITIES`. A record is imported when it is asked for, so that modalities never import each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from modalities.checks import check_choice, fail

if TYPE_CHECKING:  # this file stays light: an index asks it for names only
    import numpy as np
    from torch import Tensor

    from modalities.clips import Reader
    from modalities.live import LiveInput
    from modalities.model_input import ModelInput
    from modalities.painting import Canvas, ClipPainter, Color
    from modalities.stored_files import StoredFiles

MODALITIES = ("rgb", "flow", "skeleton", "depth")
"""Names of all modalities, in the order in which their streams are listed and drawn."""


@dataclass(frozen=True, kw_only=True)
class Modality:
    """One modality, from its files to the input of a network.

    Args:
        name: name of its folder, and ``modality`` of a stream in an index.
        clip: class of its clips.
        reader: class of its reader.
        default_reader: makes a reader of a stored stream, given the stream's entry in ``metainfo.streams`` and height
            and width of the canvas.
        collate: stacks the clips of a batch into tensors, see :func:`fusion.data.collate.collate`.
        fill: returns a clip of nothing with all its times valid and so many persons seen: what a full sample costs.
        randomise: returns such a clip with random content, for the test of an export.
        files: how its files are checked.
        input: how a network is fed.
        live: where prediction gets it from.
        painter: makes what draws clips, given a clip that sets the scale.
        probes: number of times that the clip which sets the scale of a video must show; None takes all.
        is_backdrop: whether its pictures lie behind those of other streams.
        has_joints: whether its clips hold joints, whose relevance can be computed.
        color: colour of its rows and labels.
        stream_info: keys that the entry of a stream in ``metainfo.streams`` must have beside ``modality``.
        stream_names: first words of the names of its streams: ``pose`` of ``pose_rtmpose``.
        how_to_add: returns the command that adds a stream to a prepared dataset, given the stream's name and the
            dataset's folder; None where there is none.
    """

    name: str
    clip: type
    reader: type[Reader]
    default_reader: Callable[[Mapping[str, Any], tuple[int, int]], Reader]
    collate: Callable[[Sequence[Any]], dict[str, Tensor]]
    fill: Callable[[Any, int], Any]
    randomise: Callable[[Any, np.random.Generator], Any]
    files: StoredFiles
    input: ModelInput
    live: LiveInput
    painter: Callable[[Any, Canvas], ClipPainter]
    probes: int | None = 1
    is_backdrop: bool = False
    has_joints: bool = False
    color: Color
    stream_info: tuple[str, ...] = ()
    stream_names: tuple[str, ...]
    how_to_add: Callable[[str, str], str | None] = lambda stream, data: None

    def check_info(self, stream: str, info: Mapping[str, Any]) -> None:
        """Check that an index says what must be known of a stream.

        Raises:
            InputError: naming the key that is missing from the stream's entry.
        """
        for key in self.stream_info:
            if key not in info:
                fail(f"stream '{stream}' of the index", f"have '{key}'", f"only {', '.join(info)}", "prepare again")


def get_modality(name: str) -> Modality:
    """Return the record of a modality by its name.

    Raises:
        InputError: if there is none, naming the nearest.
    """
    check_choice("modality", name, MODALITIES)
    return import_module(f"modalities.{name}.modality").MODALITY


def modality_of_reader(spec: Mapping[str, Any]) -> Modality:
    """Return the modality that a reader of a config is of, given its ``{type, …}``."""
    from modalities.registry import TRANSFORMS  # which asks this file for the names

    reader = spec["type"]
    return get_modality((TRANSFORMS.get(reader) if isinstance(reader, str) else reader).modality)


def modality_of_stream(stream: str) -> Modality | None:
    """Return the modality that a stream has by its name, as flow of ``flow_dis``; None where the name tells none."""
    first = stream.partition("_")[0]
    return next((modality for modality in map(get_modality, MODALITIES) if first in modality.stream_names), None)

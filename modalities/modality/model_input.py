"""Description of how a network is fed with clips of a modality, for exported models."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

LETTERBOX = (
    "Scale by s = min(H / h, W / w) so that it fits the canvas [H, W], to whole pixels (averaging over areas where it "
    "shrinks, bilinear where it grows); put it at x = int((W - s * w) / 2), y = int((H - s * h) / 2); zero around it. "
    "Where crop_mode of the reader is center: s = max(H / h, W / w), and what lies outside the canvas is cut."
)
"""How :func:`triad.modalities.letterbox.letterbox` places a picture, in words."""
DATA, VALID = "see `feeding` of the stream", "which times are real"


class InputField(NamedTuple):
    """One tensor of a batch.

    Attributes:
        axes: its axes as letters, ``B`` the batch, ``M`` persons; one in brackets, ``[L]``, is there for some readers.
        meaning: its values in words.
    """

    axes: str
    meaning: str

    def axes_of(self, num_axes: int) -> str:
        """Return the axes of a tensor of ``num_axes`` axes, with or without the one in brackets."""
        all_axes = re.sub(r"[][]", "", self.axes)
        return all_axes if len(all_axes) == num_axes else re.sub(r"\[.\]", "", self.axes)


@dataclass(frozen=True, kw_only=True)
class ModelInput:
    """Tensors of a stream in a batch, and words that say how to make them.

    Args:
        fields: tensors by their name in the batch, in the order in which a graph takes them.
        feeding: how ``data`` is made, in words.
        describe: returns what else must be known of a stream, given the options of its reader; as JSON.
    """

    fields: Mapping[str, InputField]
    feeding: str
    describe: Callable[[Mapping[str, Any]], dict[str, Any]] = lambda options: {}

    @property
    def has_persons(self) -> bool:
        """Whether a sample holds several persons."""
        return "M" in self.fields["data"].axes

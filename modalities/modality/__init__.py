"""The record of a modality and its parts: how files are checked, networks fed and clips drawn.

A new modality is a folder ``modalities/NAME`` with a record in its ``modality.py``, and its name in ``record.py``.
"""

from triad.modalities.modality.model_input import DATA, LETTERBOX, VALID, InputField, ModelInput
from triad.modalities.modality.painting import Canvas, ClipPainter, Color
from triad.modalities.modality.record import (
    COLORS,
    MODALITIES,
    Modality,
    get_modality,
    modality_of_reader,
    modality_of_stream,
)
from triad.modalities.modality.stored_files import Inspector, StoredContent, StoredFiles

__all__ = [
    "COLORS",
    "DATA",
    "LETTERBOX",
    "MODALITIES",
    "VALID",
    "Canvas",
    "ClipPainter",
    "Color",
    "InputField",
    "Inspector",
    "Modality",
    "ModelInput",
    "StoredContent",
    "StoredFiles",
    "get_modality",
    "modality_of_reader",
    "modality_of_stream",
]

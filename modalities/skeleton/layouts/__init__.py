"""Joint layouts, one file a family; other code refers to joints by name.

A new built-in layout is a file of this folder and an entry of ``LAYOUTS`` in ``registry``; a user's own one is a JSON
or TOML file, which ``definition`` reads. ``NAME_2d`` and ``NAME_3d`` are a layout in pixels and in metres.
"""

from triad.modalities.skeleton.layouts.definition import define_layout
from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs
from triad.modalities.skeleton.layouts.registry import (
    LAYOUTS,
    custom_definition,
    get_layout,
    load_layout,
    register_definition,
    register_layout,
)

__all__ = [
    "LAYOUTS",
    "Layout",
    "custom_definition",
    "define_layout",
    "get_layout",
    "load_layout",
    "mirror_pairs",
    "register_definition",
    "register_layout",
]

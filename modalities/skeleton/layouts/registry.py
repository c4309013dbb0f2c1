"""Layouts by name: the built-in ones, their variants in 2D and 3D, and those that a file or a dataset defined."""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from triad.modalities.checks import check_choice, fail, printable
from triad.modalities.skeleton.layouts.azure_kinect import AZURE_KINECT32
from triad.modalities.skeleton.layouts.blazepose import BLAZEPOSE33
from triad.modalities.skeleton.layouts.coco import COCO17
from triad.modalities.skeleton.layouts.definition import define_layout, parse_layout, read_definition
from triad.modalities.skeleton.layouts.florence import FLORENCE15
from triad.modalities.skeleton.layouts.h36m import H36M17
from triad.modalities.skeleton.layouts.halpe import HALPE26
from triad.modalities.skeleton.layouts.jhmdb import JHMDB15
from triad.modalities.skeleton.layouts.kinect import KINECT20
from triad.modalities.skeleton.layouts.layout import Layout
from triad.modalities.skeleton.layouts.minihome import MINIHOME16
from triad.modalities.skeleton.layouts.ntu import NTU25, NTU25_AGCN
from triad.modalities.skeleton.layouts.openpose import OPENPOSE18, OPENPOSE25
from triad.modalities.skeleton.layouts.smarthome import SMARTHOME13, SMARTHOME15, SMARTHOME15_AGCN, SMARTHOME17
from triad.modalities.skeleton.layouts.wholebody import WHOLEBODY23

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        *(MINIHOME16, JHMDB15, COCO17, WHOLEBODY23, HALPE26, OPENPOSE18, OPENPOSE25, BLAZEPOSE33),
        *(NTU25, NTU25_AGCN, KINECT20, AZURE_KINECT32, FLORENCE15, H36M17),
        *(SMARTHOME13, SMARTHOME15, SMARTHOME15_AGCN, SMARTHOME17),
    )
}
"""Built-in layouts, each in the dimensions in which it is usual."""

_defined: dict[str, Layout] = {}
_variants: dict[str, Layout] = {}


def get_layout(name: str, *, subject: str = "joint layout") -> Layout:
    """Return the layout of a name; ``NAME_2d`` and ``NAME_3d`` are a layout in pixels and in metres.

    Args:
        name: name of the layout.
        subject: description of the name in errors.

    Raises:
        InputError: If there is no such layout, naming the nearest one.
    """
    if layout := LAYOUTS.get(name) or _defined.get(name) or _variants.get(name):
        return layout
    base, _, suffix = name.rpartition("_")
    if suffix in ("2d", "3d") and (layout := LAYOUTS.get(base) or _defined.get(base)):
        if layout.dims == int(suffix[0]):
            return layout
        return _variants.setdefault(name, replace(layout, name=name, dims=int(suffix[0])))
    names = {**LAYOUTS, **_defined}
    return names[check_choice(subject, name, names)]


def register_layout(layout: Layout) -> Layout:
    """Make a layout known by its name, and return it.

    Raises:
        InputError: If the name is that of another layout.
    """
    registered = LAYOUTS.get(layout.name) or _defined.get(layout.name)
    if registered is None:
        if layout.name.endswith(("_2d", "_3d")) and layout.name[:-3] in {**LAYOUTS, **_defined}:
            fail(
                "name of a joint layout", "be its own", f"'{layout.name}', a variant of another", "choose another name"
            )
        return _defined.setdefault(layout.name, layout)
    if registered != layout:
        fail("joint layout", "have a name of its own", f"'{layout.name}' for other joints", "choose another name")
    return registered


def load_layout(name: str | Path) -> Layout:
    """Return the layout of a name, or the one that a ``.json`` or ``.toml`` file defines, which is then known by name.

    Raises:
        InputError: If the name is unknown, or the file defines no layout.
    """
    if str(name).endswith((".json", ".toml")):
        return register_layout(parse_layout(read_definition(Path(name)), subject=f"layout '{name}'"))
    return get_layout(str(name))


def custom_definition(name: str) -> dict[str, Any] | None:
    """Return the definition of a layout that is not built in, which travels with what uses it; None for the others."""
    layout = get_layout(name)
    base = name.removesuffix("_2d").removesuffix("_3d")
    if name in LAYOUTS or (name not in _defined and base in LAYOUTS):
        return None
    return define_layout(_defined.get(name) or _defined.get(base) or layout)


def register_definition(definition: Any, *, subject: str) -> Layout:
    """Make a layout known that a file of ours defines.

    Raises:
        InputError: naming ``subject``, if it defines no layout, or a name is that of another one.
    """
    if not isinstance(definition, Mapping):
        fail(subject, "be an object with joints and parents", printable(definition, 60))
    return register_layout(parse_layout(definition, subject=subject))


def _reduce(layout: Layout) -> tuple[Any, tuple[Any, ...]]:
    """Pickle a layout by its name and definition, so that every process has one object a layout."""
    return _restore, (layout.name, custom_definition(layout.name))


def _restore(name: str, definition: Mapping[str, Any] | None) -> Layout:
    if definition is not None:
        register_definition(definition, subject=f"layout '{name}'")
    return get_layout(name)


copyreg.pickle(Layout, _reduce)  # type: ignore[arg-type]

"""One joint layout from the store to the network: a stream whose parts disagree is refused before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torch import nn

from triad.modalities.checks import fail
from triad.modalities.skeleton import Layout, conversion_hint, get_layout


def check_dimensions(name: str, stream: Mapping[str, Any], stored_layout: str, data: str) -> None:
    """Refuse a config of 2D joints for 3D ones and the reverse: its steps and channels would not fit.

    Args:
        name: name of the stream.
        stream: config of the stream.
        stored_layout: name of the joint layout in the store.
        data: name of the stored stream, for the message.

    Raises:
        InputError: naming both layouts and what to do.
    """
    reader = stream["reader"]
    stored = get_layout(stored_layout)
    if not isinstance(reader.get("layout"), str) or reader.get("convert_from") is not None:
        return
    expected = get_layout(reader["layout"])
    if expected.dims == stored.dims:
        return
    must = f"be for {_in_words(stored)}, as {data} holds"
    cures = {
        2: "take a config of 2D joints, as configs/skeleton/stgcnpp_jhmdb.py, or lift the joints with triad lift",
        3: "take a config of 3D joints, as configs/skeleton/stgcnpp_nucla.py",
    }
    own_layout = f"or give yours with streams.{name}.reader.layout={stored.name} and what else differs"
    fail(
        f"stream '{name}' of the config", must, f"one for {_in_words(expected)}", f"{cures[stored.dims]}, {own_layout}"
    )


def _in_words(layout: Layout) -> str:
    unit = {2: "in pixels", 3: "in metres"}[layout.dims]
    return f"{layout.dims}D joints {unit} ('{layout.name}')"


def fit_layout(name: str, stream: Mapping[str, Any], stored_layout: str) -> None:
    """Give every ``layout`` in a stream's config the layout that is stored, unless its reader converts from that.

    Args:
        name: name of the stream.
        stream: config of the stream, which is changed.
        stored_layout: name of the joint layout in the store.

    Raises:
        InputError: If the reader converts from another layout.
    """
    source_layout = stream["reader"].get("convert_from")
    if source_layout is None:
        for _, node in _entries_with_layout("", stream):
            node["layout"] = stored_layout
    elif source_layout != stored_layout:
        cure = conversion_hint(get_layout(stored_layout), get_layout(stream["reader"]["layout"]))
        fail(f"streams.{name}.reader.convert_from", f"be '{stored_layout}' as the data", f"'{source_layout}'", cure)


def check_layouts(streams: Mapping[str, Any]) -> None:
    """Check that reader, transform and encoder of each stream have one layout.

    Raises:
        InputError: naming the first two that differ, and the conversion.
    """
    for name, stream in streams.items():
        layouts = [(path, get_layout(node["layout"])) for path, node in _entries_with_layout(f"streams.{name}", stream)]
        for path, layout in layouts[1:]:
            first_path, first_layout = layouts[0]
            if layout is not first_layout:
                requirement = f"be '{first_layout.name}' as {first_path}.layout"
                fail(f"{path}.layout", requirement, f"'{layout.name}'", conversion_hint(first_layout, layout))


def layouts_of(model: nn.Module) -> dict[str, str]:
    """Return the layout that each skeleton stream of a recognizer is built for: ``{stream: name}``."""
    transforms: Any = getattr(getattr(model, "data_preprocessor", None), "transforms", None) or {}
    layouts = {name: getattr(transform, "layout", None) for name, transform in transforms.items()}
    return {name: layout.name for name, layout in layouts.items() if isinstance(layout, Layout)}


def check_trained_layouts(model: nn.Module, meta: Mapping[str, Any], checkpoint: object) -> None:
    """Refuse a checkpoint that was trained on another layout, even where its weights have the right shapes.

    Args:
        model: model that the weights are for.
        meta: ``meta`` of the checkpoint, in which training stores ``layouts``.
        checkpoint: path of the checkpoint, for the message.

    Raises:
        InputError: naming both layouts and the conversion.
    """
    trained_layouts = meta.get("layouts") or {}
    for name, layout in layouts_of(model).items():
        trained_layout = trained_layouts.get(name, layout)
        if trained_layout != layout:
            requirement = f"be trained on layout '{layout}' of stream '{name}'"
            cure = conversion_hint(get_layout(layout), get_layout(trained_layout))
            fail(f"checkpoint '{checkpoint}'", requirement, f"'{trained_layout}'", cure)


def _entries_with_layout(path: str, node: Any) -> Iterator[tuple[str, Any]]:
    """Yield every entry of a config that names a ``layout``, and its path."""
    if isinstance(node, Mapping):
        if isinstance(node.get("layout"), str):
            yield path, node
        for key, child in node.items():
            yield from _entries_with_layout(f"{path}.{key}", child)
    elif isinstance(node, list | tuple):
        for position, child in enumerate(node):
            yield from _entries_with_layout(f"{path}.{position}", child)

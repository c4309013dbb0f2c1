"""One joint layout from the store to the network: whatever disagrees is refused before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torch import nn

from modalities.checks import fail
from modalities.skeleton.convert import how_to_read
from modalities.skeleton.layouts import Layout, get_layout


def fit_layout(name: str, stream: Mapping[str, Any], stored: str) -> None:
    """Give every ``layout`` of a stream's config the layout that is stored, unless its reader converts from that.

    Raises:
        InputError: if the reader converts from another layout.
    """
    converted = stream["reader"].get("convert_from")
    if converted is None:
        for _, node in _named("", stream):
            node["layout"] = stored
    elif converted != stored:
        cure = how_to_read(get_layout(stored), get_layout(stream["reader"]["layout"]))
        fail(f"streams.{name}.reader.convert_from", f"be '{stored}' as the data", f"'{converted}'", cure)


def check_layouts(streams: Mapping[str, Any]) -> None:
    """Reader, transform and encoder of a stream must have one layout.

    Raises:
        InputError: naming the first two that differ, and the conversion.
    """
    for name, stream in streams.items():
        found = [(path, get_layout(node["layout"])) for path, node in _named(f"streams.{name}", stream)]
        for path, layout in found[1:]:
            first, other = found[0]
            if layout is not other:
                fail(
                    f"{path}.layout",
                    f"be '{other.name}' as {first}.layout",
                    f"'{layout.name}'",
                    how_to_read(other, layout),
                )


def layouts_of(model: nn.Module) -> dict[str, str]:
    """The layout that each skeleton stream of a recognizer is built for: ``{stream: name}``."""
    transforms: Any = getattr(getattr(model, "data_preprocessor", None), "transforms", None) or {}
    layouts = {name: getattr(transform, "layout", None) for name, transform in transforms.items()}
    return {name: layout.name for name, layout in layouts.items() if isinstance(layout, Layout)}


def check_trained(model: nn.Module, meta: Mapping[str, Any], checkpoint: object) -> None:
    """Refuse a checkpoint that was trained on another layout: its weights may have the right shapes all the same.

    Args:
        model: what the weights are for.
        meta: of the checkpoint, where training left its ``layouts``.
        checkpoint: its name.

    Raises:
        InputError: naming both layouts and the conversion.
    """
    trained = meta.get("layouts") or {}
    for name, layout in layouts_of(model).items():
        if trained.get(name, layout) != layout:
            subject = f"checkpoint '{checkpoint}'"
            cure = how_to_read(get_layout(layout), get_layout(trained[name]))
            fail(subject, f"be trained on layout '{layout}' of stream '{name}'", f"'{trained[name]}'", cure)


def _named(path: str, node: Any) -> Iterator[tuple[str, Any]]:
    """Every entry of a config that names a ``layout``, and where it stands."""
    if isinstance(node, Mapping):
        if isinstance(node.get("layout"), str):
            yield path, node
        for key, child in node.items():
            yield from _named(f"{path}.{key}", child)
    elif isinstance(node, list | tuple):
        for place, child in enumerate(node):
            yield from _named(f"{path}.{place}", child)

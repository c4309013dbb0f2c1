"""Streams of a config and what a prepared dataset has for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fusion.index.index import Index
from modalities.checks import fail, nearest


def source_of(name: str, stream: Mapping[str, Any]) -> str:
    """What the index calls that which a stream of a config reads: its ``source``, or its own name."""
    return stream.get("source") or name


def check_source(name: str, source: str, index: Index) -> None:
    """Refuse a stream that a prepared dataset lacks.

    Raises:
        InputError: naming the stream and what there is, and how to get it.
    """
    known = index.metainfo["streams"]
    if source in known:
        return
    what = f"stream '{name}'" if source == name else f"source '{source}' of stream '{name}'"
    shorter = [other for other in known if source.startswith(f"{other}_")]
    cure = f'add source="{shorter[0]}" to the stream' if shorter else extraction_of(source, index.root)
    fail(what, f"be in '{index.root}'", f"only {', '.join(known)}{nearest(source, known)}", cure)


def extraction_of(stream: str, data: str | Path) -> str | None:
    """The command that makes a stream which a prepared dataset lacks; None where none does."""
    modality, _, name = stream.partition("_")
    if stream == "skeleton":
        return f"name skeleton files in a table: python tools/prepare.py table TABLE {data}"
    if modality == "lifted":
        return f"python tools/lift.py {data} --stream pose_{name} --checkpoint FILE"
    return f"python tools/extract.py {data} --{modality} {name}" if modality in ("flow", "pose") else None

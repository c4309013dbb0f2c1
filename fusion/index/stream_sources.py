"""Streams that a config reads, looked up in the index of a prepared dataset."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triad.fusion.index.index import Index
from triad.modalities.checks import did_you_mean, fail, shorten
from triad.modalities.modality import modality_of_stream


def source_of(name: str, stream: Mapping[str, Any]) -> str:
    """Return the name in the index of a stream of a config: its ``source``, or its own name."""
    return stream.get("source") or name


def check_source(name: str, source: str, index: Index) -> None:
    """Check that a prepared dataset has a stream.

    Args:
        name: name of the stream in the config.
        source: name of the stream in the index.
        index: index of the dataset.

    Raises:
        InputError: naming the streams of the dataset and the command that makes the missing one.
    """
    streams = index.metainfo["streams"]
    if source in streams:
        return
    subject = f"stream '{name}'" if source == name else f"source '{source}' of stream '{name}'"
    prefixes = [stream for stream in streams if source.startswith(f"{stream}_")]
    cure = f'add source="{prefixes[0]}" to the stream' if prefixes else extraction_command(source, index.root)
    fail(subject, f"be in '{index.root}'", f"only {shorten(streams)}{did_you_mean(source, streams)}", cure)


def extraction_command(stream: str, data: str | Path) -> str | None:
    """Return the command that adds a stream to a prepared dataset; None if there is none."""
    modality = modality_of_stream(stream)
    return modality.add_command(stream, str(data)) if modality is not None else None

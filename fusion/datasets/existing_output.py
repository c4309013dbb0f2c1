"""Checks on an output folder that already holds a prepared dataset."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from triad.modalities.atomic_files import read_json
from triad.modalities.checks import InputError, fail


def existing_streams(out: Path, dataset: str) -> set[str]:
    """Return the streams of the index in ``out``; none if there is no readable index.

    Raises:
        InputError: If the index is of another dataset.
    """
    try:
        metainfo = read_json(out / "index.json", cure="prepare again")["metainfo"]
        existing_dataset = metainfo["dataset"]
        streams = set(metainfo["streams"])
    except (InputError, LookupError, TypeError):
        return set()
    if existing_dataset != dataset:
        cure = "name another folder as OUT, or delete this one first"
        fail(f"'{out}'", f"hold '{dataset}' or no dataset", f"'{existing_dataset}'", cure)
    return streams


def missing_streams_note(out: Path, earlier_streams: set[str], streams: Iterable[str]) -> list[str]:
    """Return notes that name extracted streams which only the earlier index has; files stay."""
    missing = sorted(name for name in earlier_streams.difference(streams) if (out / name / "provenance.json").is_file())
    if not missing:
        return []
    command = f"triad extract {out} --status"
    return [f"{', '.join(missing)}: not in the new index; `{command}` takes in what still fits its videos"]

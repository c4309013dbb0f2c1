"""Preparing into a folder that holds a dataset already: only the same one, and what it loses is said."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from modalities.atomic_files import read_json
from modalities.checks import InputError, fail


def streams_before(out: Path, dataset: str) -> set[str]:
    """The streams of the index that ``out`` holds; none where there is no index, or none that can be read.

    Raises:
        InputError: if it is another dataset's.
    """
    try:
        metainfo = read_json(out / "index.json", cure="prepare again")["metainfo"]
        found, streams = metainfo["dataset"], set(metainfo["streams"])
    except (InputError, LookupError, TypeError):
        return set()
    if found != dataset:
        cure = "name another folder as OUT, or delete this one first"
        fail(f"'{out}'", f"hold '{dataset}' or no dataset", f"'{found}'", cure)
    return streams


def note_lost(out: Path, before: set[str], now: Iterable[str]) -> dict[str, list[str]]:
    """``notes`` for the report, where ``extract`` has made streams that the new index lacks; their files stay."""
    lost = sorted(name for name in before.difference(now) if (out / name / "provenance.json").is_file())
    if not lost:
        return {}
    command = f"python tools/extract.py {out} --status"
    return {"notes": [f"{', '.join(lost)}: not in the new index; `{command}` takes in what still fits its videos"]}

"""A page for every class with the clips that fusion saves and those it breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from triad.fusion.evaluation.changed_clips import ChangedClip, ClassChanges
from triad.fusion.evaluation.report.environment import build_environment
from triad.fusion.predictions import FUSED
from triad.modalities.atomic_files import atomic_write

FOLDER = "classes"
"""Folder of the pages, beside the report."""


def page_names(changes: Sequence[ClassChanges]) -> dict[str, str]:
    """Return the path of the page of every class from the report: ``classes/03_stir_pot.html``.

    The number keeps names apart that differ in characters which a file name does not have.
    """
    return {
        of_class.name: f"{FOLDER}/{number:02d}_{re.sub(r'[^A-Za-z0-9]+', '_', of_class.name)[:60].strip('_')}.html"
        for number, of_class in enumerate(changes, start=1)
    }


def write_class_pages(
    out: str | Path, changes: Sequence[ClassChanges], *, streams: Sequence[str], best_single: str, fusion: str
) -> dict[str, str]:
    """Write one page a class and return their paths by class, see :func:`page_names`.

    Args:
        out: folder of the report.
        changes: changed clips of every class.
        streams: names of the streams, in the order of the columns.
        best_single: name of the stream that fusion is compared with.
        fusion: name of the fusion of all streams.
    """
    names = page_names(changes)
    for position, of_class in enumerate(changes):
        page = render_class_page(
            of_class,
            streams=streams,
            best_single=best_single,
            fusion=fusion,
            previous=_link(names, changes, position - 1),
            following=_link(names, changes, position + 1),
        )
        with atomic_write(Path(out) / names[of_class.name]) as temporary:
            temporary.write_text(page, "utf-8")
    return names


def render_class_page(
    changes: ClassChanges,
    *,
    streams: Sequence[str],
    best_single: str,
    fusion: str,
    previous: tuple[str, str] | None = None,
    following: tuple[str, str] | None = None,
) -> str:
    """Render the page of one class as a string.

    Args:
        changes: changed clips of the class.
        streams: names of the streams, in the order of the columns.
        best_single: name of the stream that fusion is compared with.
        fusion: name of the fusion of all streams.
        previous: class and file of the page before; None on the first.
        following: class and file of the page after; None on the last.
    """
    return (
        build_environment()
        .get_template("class_page.html")
        .render(
            changes=changes,
            streams=streams,
            best_single=best_single,
            fusion=fusion,
            previous=previous,
            following=following,
            has_runs=any(clip.run for clip in [*changes.saved, *changes.broken]),
            mistaken=_count_answers(changes.saved, best_single),
            broken_into=_count_answers(changes.broken, FUSED),
        )
    )


def _count_answers(clips: Sequence[ChangedClip], stream: str) -> list[tuple[str, int]]:
    """Return the classes that a stream predicted for the clips and how often, the most frequent first."""
    return Counter(clip.predicted[stream] or "not there" for clip in clips).most_common()


def _link(names: dict[str, str], changes: Sequence[ClassChanges], position: int) -> tuple[str, str] | None:
    """Return name and file of a neighbouring page, seen from the folder of the pages."""
    if not 0 <= position < len(changes):
        return None
    name = changes[position].name
    return name, names[name].removeprefix(f"{FOLDER}/")

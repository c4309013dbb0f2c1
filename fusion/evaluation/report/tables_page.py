"""Page of tables and pictures as one HTML file without outside requests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from triad.fusion.evaluation.report.environment import build_environment
from triad.modalities.atomic_files import atomic_write


class PageTable(NamedTuple):
    """Table of a page.

    Attributes:
        title: title above it.
        text: sentence below the title.
        header: titles of its columns; the first is of text, the others of numbers.
        rows: cells of each row.
    """

    title: str
    text: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def write_tables(
    path: str | Path,
    *,
    kicker: str,
    title: str,
    facts: Sequence[str],
    tables: Sequence[PageTable],
    notes: Sequence[str] = (),
    pictures: Sequence[tuple[str, bytes]] = (),
    reproduce: str = "",
) -> None:
    """Write a page, atomically; every text is escaped.

    Args:
        path: path of the file.
        kicker: kind of the page.
        title: title of the page.
        facts: short facts below the title.
        tables: tables in the order of the page.
        notes: sentences below the facts.
        pictures: captions and PNG bytes.
        reproduce: command that writes the page.
    """
    page = (
        build_environment()
        .get_template("tables.html")
        .render(
            kicker=kicker,
            title=title,
            facts=facts,
            tables=tables,
            notes=notes,
            pictures=pictures,
            reproduce=reproduce,
        )
    )
    with atomic_write(path) as temporary:
        temporary.write_text(page, "utf-8")

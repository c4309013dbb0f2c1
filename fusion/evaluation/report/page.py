"""From an ablation document to one HTML file without a single outside request."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from fusion.evaluation.report.confusion_picture import confusion_png
from fusion.predictions import FUSED, modality_of
from modalities.atomic_files import atomic_write


class Picture(NamedTuple):
    """A sample picture: its caption and the bytes of a PNG."""

    caption: str
    png: bytes


def write_report(
    path: str | Path,
    document: Mapping[str, Any],
    *,
    reproduce: str = "",
    pictures: Sequence[tuple[str, bytes]] = (),
    explained: bool = False,
) -> None:
    """Write :func:`render_report` to ``path``, whole or not at all."""
    page = render_report(document, reproduce=reproduce, pictures=pictures, explained=explained)
    with atomic_write(path) as temporary:
        temporary.write_text(page, "utf-8")


def render_report(
    document: Mapping[str, Any],
    *,
    reproduce: str = "",
    pictures: Sequence[tuple[str, bytes]] = (),
    explained: bool = False,
) -> str:
    """The page as a string: style and drawings inline, pictures as data URIs, every text escaped.

    Args:
        document: what :func:`~fusion.evaluation.ablation.ablation_document` returns, or ``ablation.json`` read back.
        reproduce: the command that makes these figures again.
        pictures: ``(caption, PNG bytes)``, shown in order.
        explained: whether the pictures also say why a model says what it says.
    """
    selected = [row for row in document["rows"] if row["selected"]]
    streams = [row["streams"][0] for row in selected if len(row["streams"]) == 1]
    fused = max(selected, key=lambda row: len(row["streams"]))
    classes = tuple(document["classes"])
    best = next(row for row in selected if "+".join(row["streams"]) == document["best_single"])
    context = {
        "document": document,
        "selected": selected,
        "others": [row for row in document["rows"] if not row["selected"]],
        "streams": streams,
        "fused": fused,
        "best": best,
        "headline": next((pair for pair in document["paired"] if pair["b"] == document["best_single"]), None),
        "scale": _scale([bound for pair in document["paired"] for bound in pair["ci95"]]),
        "pattern": _pattern(document["pairs"]),
        "per_class": sorted(document["per_class"], key=lambda row: -row["gain"]),
        "reach": max([abs(row["gain"]) for row in document["per_class"]] + [0.05]),
        "confusions": [
            (
                f"Best single stream: {document['best_single']}",
                _data_uri(confusion_png(np.asarray(document["confusion"]["best_single"]), classes)),
            ),
            (
                f"All streams: {fused['fusion']}",
                _data_uri(confusion_png(np.asarray(document["confusion"][FUSED]), classes)),
            ),
        ],
        "costs": [(stream, document["cost"][stream]) for stream in streams if stream in document["cost"]],
        "pictures": [(caption, _data_uri(png)) for caption, png in pictures],
        "explained": explained,
        "reproduce": reproduce,
        "chance": 1 / len(classes),
    }
    return _environment().get_template("report.html").render(context)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fusion.evaluation.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda share: f"{100 * share:.1f}"
    environment.filters["points"] = lambda share: f"{100 * share:+.1f}".replace("-", "−")
    environment.filters["words"] = lambda name: str(name).replace("_", " ")
    environment.filters["tone"] = _tone
    return environment


def _tone(stream: str) -> str:
    """The colour class of a stream: that of its modality."""
    modality = modality_of(stream)
    return modality if modality in ("rgb", "flow", "skeleton", FUSED) else "other"


def _scale(bounds: Sequence[float]) -> tuple[float, float]:
    """Ends of the axis of differences: zero and all bounds inside, a little air, in steps of five points."""
    low, high = min([0.0, *bounds]) - 0.01, max([0.0, *bounds]) + 0.01
    return float(np.floor(low * 20) / 20), float(np.ceil(high * 20) / 20)


def _pattern(cells: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Cells of one pair beside each other, in the order given: ``[(first cell, all cells)]``."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for cell in cells:
        rows.setdefault(cell["pair"], []).append(cell)
    return [(row[0], row) for row in rows.values()]


def _data_uri(png: bytes) -> str:
    return "data:image/png;base64," + b64encode(png).decode("ascii")

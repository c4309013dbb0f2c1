"""Jinja environment of the report's pages: escaping, and how figures and names are written."""

from __future__ import annotations

from base64 import b64encode
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from triad.fusion.evaluation.interval_text import direction_of, format_interval
from triad.fusion.evaluation.statistics_tables import format_p
from triad.fusion.predictions import FUSED, Interval, modality_of
from triad.modalities.modality import COLORS, MODALITIES


@cache
def build_environment() -> Environment:
    """Build the environment of all templates, once for all pages; every text is escaped."""
    environment = Environment(
        loader=PackageLoader("triad.fusion.evaluation.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda proportion: f"{100 * proportion:.1f}"
    environment.filters["points"] = lambda proportion: f"{100 * proportion:+.1f}".replace("-", "−")
    environment.filters["interval"] = _interval
    environment.filters["direction"] = direction_of
    environment.filters["words"] = lambda name: str(name).replace("_", " ")
    environment.filters["p"] = format_p
    environment.filters["css_class"] = _css_class
    environment.filters["data_uri"] = lambda png: "data:image/png;base64," + b64encode(png).decode("ascii")
    environment.globals["modality_colors"] = COLORS
    return environment


def _interval(ci95: Interval, *, signed: bool = False) -> str:
    """Return an interval that no line break divides, with the minus sign of print."""
    text = format_interval(ci95, signed=signed).replace("–", " – ").strip()
    return text.replace("-", "−").replace(" ", "\N{NO-BREAK SPACE}")


def _css_class(stream: str) -> str:
    """Return the CSS class that colours a stream, which is its modality."""
    modality = modality_of(stream)
    return modality if modality in (*MODALITIES, FUSED) else "other"

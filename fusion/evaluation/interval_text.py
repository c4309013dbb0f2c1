"""Confidence intervals as they are printed; over a single sample there is none, which is a dash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triad.fusion.predictions import Interval


def format_interval(ci95: Interval, *, signed: bool = False) -> str:
    """Return an interval in percent, ``55.6–67.4``, or of a difference in points, ``-1.2 … +3.4``."""
    if ci95 is None:
        return "–"
    low, high = (100 * bound for bound in ci95)
    return f"{low:+.1f} … {high:+.1f}" if signed else f"{low:.1f}–{high:.1f}"


def direction_of(ci95: Interval) -> int:
    """Return 1 where a difference is above zero, -1 where it is below, 0 where its interval does not tell."""
    if ci95 is None:
        return 0
    low, high = ci95
    return int(low > 0) - int(high < 0)


def difference_style(ci95: Interval) -> str:
    """Return the style of a difference in a table of the terminal."""
    return {1: "green", -1: "red", 0: ""}[direction_of(ci95)]


def describe_interval(row: Mapping[str, Any], *, signed: bool = False, joint: bool = False) -> str:
    """Return the interval of a row and what was drawn: ``95 % over 60 source videos: 55.6–67.4``.

    Args:
        row: row with ``ci95``, ``ci95_over``, ``ci95_units`` and perhaps ``ci95_resamples``.
        signed: whether it is the interval of a difference.
        joint: whether the units were drawn once for several splits.
    """
    if row["ci95"] is None:
        return "no interval: one sample"
    drawn = f"{row['ci95_units']} {row['ci95_over'].replace('_', ' ')}s"
    drawn += f", {row['ci95_resamples']} resamples" if "ci95_resamples" in row else ""
    drawn += ", drawn once for all splits" if joint else ""
    return f"95 % over {drawn}: {format_interval(row['ci95'], signed=signed)}"

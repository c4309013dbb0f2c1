"""The README's table of systems: paper, config or command, cost, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import torch

from triad.fusion.evaluation.results import format_accuracy, results_of
from triad.fusion.evaluation.systems import SYSTEMS, System
from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import fail
from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.meta_device import build_on_meta

COLUMNS = ("paper", "config, class or command", "parameters", "GMACs", "measured")
START = "<!-- triad zoo --systems --readme README.md writes from here -->"
END = "<!-- to here -->"
NOTHING = "–"


def systems_table(zoo: Mapping[str, Mapping[str, Any]], results: Sequence[Mapping[str, Any]]) -> str:
    """Return a table in Markdown for every kind of system.

    Args:
        zoo: rows of the zoo by leaf, as ``rgb/slowonly_jhmdb``.
        results: rows of the results file.
    """
    tables = []
    for kind, systems in SYSTEMS.items():
        if systems:
            lines = [_line((kind, *COLUMNS)), _line(["---"] * (1 + len(COLUMNS)))]
            lines += [_line(_cells(system, zoo, results)) for system in systems]
            tables.append("\n".join(lines))
    return "\n\n".join(tables)


def leaves_of_systems() -> list[str]:
    """Return every leaf that a system names, once."""
    return list(dict.fromkeys(leaf for systems in SYSTEMS.values() for system in systems for leaf in system.leaves))


def write_into_readme(path: str | Path, table: str) -> None:
    """Put the table between the two marks of a file.

    Raises:
        InputError: If the file lacks them.
    """
    text = Path(path).read_text("utf-8")
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        fail(f"'{path}'", f"hold the lines {START} and {END}", "a file without them")
    with atomic_write(path) as temporary:
        temporary.write_text(f"{before}{START}\n\n{table}\n\n{END}{after}", "utf-8")


def _cells(system: System, zoo: Mapping[str, Mapping[str, Any]], results: Sequence[Mapping[str, Any]]) -> list[str]:
    run_by = [f"`{leaf}`" for leaf in system.leaves]
    run_by += [f"`{system.cls.partition(':')[2]}`"] if system.cls else []
    run_by += [f"`{system.command}`"] if system.command else []
    costs = [(zoo[leaf]["parameters"], zoo[leaf]["gmacs"]) for leaf in system.leaves]
    costs += [_flow_cost(system)] if system.flow_network else []
    parameters = [f"{parameters:,}" for parameters, _ in costs]
    gmacs = [f"{gmacs:.3f}" for _, gmacs in costs]
    measured = [", ".join(map(format_accuracy, results_of(f"configs/{leaf}.py", results))) for leaf in system.leaves]
    if system.late_fusion:
        measured += [format_accuracy(row) for row in results if _fuses_rgb_and_flow(row, system.late_fusion)]
    columns = (run_by, parameters, gmacs, measured if any(measured) else [])
    return [system.name, system.paper, *map(_join_lines, columns)]


def _join_lines(entries: Sequence[str]) -> str:
    return "<br>".join(entry or NOTHING for entry in entries) or NOTHING


def _flow_cost(system: System) -> tuple[int, float]:
    network = build_on_meta(resolve_name(system.flow_network))
    frame = torch.empty(1, *(system.frame or ()), device="meta")
    return count_parameters(network), count_macs(network, frame, frame)[TOTAL] / 1e9


def _fuses_rgb_and_flow(result: Mapping[str, Any], method: str) -> bool:
    folders = sorted(Path(config).parent.name for config in result["configs"])
    return result["fusion"] == method and result["split"] == "test" and folders == ["flow", "rgb"]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""Ablation of predictions whose samples show several classes: ablation.json and report.html."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.table import Table

from triad.tools import cli


def show_several_labels(paths: Sequence[str]) -> bool:
    """Return whether the samples of a predictions file show several classes."""
    from triad.fusion.late_fusion import is_multi_label
    from triad.fusion.predictions import Predictions

    return Path(paths[0]).suffix == ".npz" and is_multi_label(Predictions.load(paths[0]))


def ablate_several_labels(
    test_paths: Sequence[str],
    val_paths: Sequence[str],
    streams: Sequence[str],
    methods: Sequence[str],
    out: Path,
    *,
    as_json: bool,
) -> None:
    """Fit the fusions of all subsets on validation, and write ``ablation.json`` and ``report.html``."""
    from triad.fusion.evaluation.multi_label_ablation import ablate_multi_label
    from triad.fusion.evaluation.report.tables_page import write_tables
    from triad.fusion.predictions import Predictions, join_predictions
    from triad.modalities.atomic_files import write_json

    test, val = (join_predictions([Predictions.load(path) for path in paths]) for paths in (test_paths, val_paths))
    if streams:
        test, val = test.select_streams(streams), val.select_streams(streams)
    track = partial(cli.progress, label="subsets")
    document = ablate_multi_label(test, val, methods=methods, track=track)
    write_json(out / "ablation.json", document)
    interval = document["interval"]
    write_tables(
        out / "report.html",
        kicker="ablation",
        title=str(document["dataset"] or "predictions"),
        facts=[
            f"{document['num_test']} test samples of several classes",
            f"{document['num_validation']} validation samples",
            f"intervals over {interval['units']} {interval['over'].replace('_', ' ')}s",
        ],
        tables=page_tables(document),
        reproduce=cli.command_line(),
    )
    if as_json:
        cli.print_json(document)
        return
    table = Table("streams", "fusion", "mAP, %", "95 %", title=f"{document['num_test']} test samples")
    for row in document["rows"]:
        if row["selected"]:
            table.add_row(*cells_of(row))
    cli.TextConsole().print(table)
    cli.echo(f"{out / 'ablation.json'}\n{out / 'report.html'}")


def cells_of(row: Mapping[str, Any]) -> list[str]:
    """Return the cells of a row: streams, fusion, mean average precision and interval."""
    from triad.fusion.evaluation.interval_text import format_interval

    value = f"{100 * row['mean_average_precision']:.1f}"
    return ["+".join(row["streams"]), row["fusion"], value, format_interval(row["ci95"])]


def page_tables(document: Mapping[str, Any]) -> list[Any]:
    """Return the tables of the report."""
    from triad.fusion.evaluation.interval_text import format_interval
    from triad.fusion.evaluation.report.tables_page import PageTable
    from triad.fusion.predictions import FUSED

    paired = [
        [f"{pair['a']} − {pair['b']}", f"{100 * pair['difference']:+.1f}", format_interval(pair["ci95"], signed=True)]
        for pair in document["paired"]
    ]
    per_class = sorted(document["per_class"], key=lambda row: -row[FUSED])
    return [
        PageTable(
            "Mean average precision of each subset of streams",
            "The fusion of each subset was chosen on validation samples alone.",
            ("streams", "fusion", "mAP, %", "95 %"),
            [cells_of(row) for row in document["rows"] if row["selected"]],
        ),
        PageTable("All streams against one", "On the same resamples.", ("difference", "points", "95 %"), paired),
        PageTable(
            "Classes, all streams",
            "Average precision over all test samples.",
            ("class", "samples", "AP, %"),
            [[row["class"].replace("_", " "), str(row["n"]), f"{100 * row[FUSED]:.1f}"] for row in per_class],
        ),
    ]

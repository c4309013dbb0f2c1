"""Speed ratios that this project claims, each against its reference in the same run."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from triad.tools import cli

if TYPE_CHECKING:
    from triad.fusion.benchmarks import BenchmarkResult


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the simulated data there (up to 5 GB).")
@click.option("--threads", type=click.IntRange(1), help="Number of torch's threads  [default: all cores].")
@cli.json_option
def main(names: tuple[str, ...], folder: Path | None, threads: int | None, as_json: bool) -> None:
    """Measure all claims, or those of the benchmarks NAME...; the exit code is 1 where one does not hold."""
    import torch

    from triad.fusion.benchmarks import BENCHMARKS
    from triad.modalities.checks import check_choice

    if threads:
        torch.set_num_threads(threads)
    chosen_names = [check_choice("benchmark", name, BENCHMARKS) for name in names] or list(BENCHMARKS)
    results = []
    with tempfile.TemporaryDirectory(prefix="triad-bench-") as temporary:
        for name in cli.progress(chosen_names, label="measuring"):
            data_folder = (folder or Path(temporary)) / name
            data_folder.mkdir(parents=True, exist_ok=True)
            with redirect_stdout(sys.stderr):  # libraries log on standard output, which is kept for the document
                results += BENCHMARKS[name](data_folder)
    if as_json:
        cli.print_json([result.to_json() for result in results])
    else:
        show(results)
    click.get_current_context().exit(0 if all(result.keeps_promise for result in results) else 1)


def show(results: Sequence[BenchmarkResult]) -> None:
    """Print a table of the results and, below it, their notes."""
    table = Table("what", "device", "ours", "reference", "unit", "ratio", "promised", "kept")
    for result in results:
        promises = [f"≥ {result.required:g}×"] if result.required else []
        if result.limit:
            promises.append(f"{'≥' if result.more_is_better else '≤'} {result.limit:g} {result.unit}")
        table.add_row(
            result.name,
            result.device,
            f"{result.ours:.4g}",
            f"{result.reference:.4g}",
            result.unit,
            f"{result.ratio:.2f}",
            " ".join(promises),
            "yes" if result.keeps_promise else "NO",
        )
    cli.TextConsole().print(table)
    for result in results:
        if result.note:
            cli.echo(f"{result.name}: {result.note}")


if __name__ == "__main__":
    cli.run(main)

"""Speed ratios that this project claims, each against its reference in the same run."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
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
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the results there as JSON, each as soon as it is measured  [default with gpu: bench_gpu.json]",
)
@click.option("--threads", type=click.IntRange(1), help="Number of torch's threads  [default: all cores].")
@cli.json_option
def main(names: tuple[str, ...], folder: Path | None, out: Path | None, threads: int | None, as_json: bool) -> None:
    """Measure all claims, or those of the benchmarks NAME...; the exit code is 1 where one does not hold.

    gpu stands for all that say how well a GPU is used: about 8 minutes on an H100.
    """
    import torch

    from triad.fusion.benchmarks import BENCHMARKS, CLAIMS, GPU_BENCHMARKS
    from triad.modalities.checks import InputError, check_choice

    if threads:
        torch.set_num_threads(threads)
    if "gpu" in names and out is None:
        out = Path("bench_gpu.json")
    names = tuple(dict.fromkeys(single for name in names for single in (GPU_BENCHMARKS if name == "gpu" else (name,))))
    chosen_names = [check_choice("benchmark", name, BENCHMARKS) for name in names] or list(CLAIMS)
    results: list[BenchmarkResult] = []
    failures: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="triad-bench-") as temporary:
        for name in cli.progress(chosen_names, label="measuring"):
            data_folder = (folder or Path(temporary)) / name
            data_folder.mkdir(parents=True, exist_ok=True)
            with redirect_stdout(sys.stderr):  # libraries log on standard output, which is kept for the document
                try:
                    for result in BENCHMARKS[name](data_folder):
                        results.append(result)
                        write_results(out, results, failures)
                except (InputError, ImportError, RuntimeError) as error:  # the others can still be measured
                    failures[name] = str(error)
                    write_results(out, results, failures)
    if as_json:
        cli.print_json([*(result.to_json() for result in results), *failures_to_json(failures)])
    else:
        show(results)
    for name, reason in failures.items():
        cli.echo(f"{name}: not measured: {reason}", err=True)
    click.get_current_context().exit(0 if not failures and all(result.keeps_promise for result in results) else 1)


def write_results(out: Path | None, results: Sequence[BenchmarkResult], failures: Mapping[str, str]) -> None:
    """Write what has been measured so far, with the machine; None writes nothing."""
    from triad.modalities.atomic_files import write_json
    from triad.modalities.device import describe_hardware

    if out is not None:
        rows = [*(result.to_json() for result in results), *failures_to_json(failures)]
        write_json(out, {"hardware": describe_hardware(), "results": rows})


def failures_to_json(failures: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the entries of the benchmarks that could not be measured."""
    return [{"name": name, "error": reason} for name, reason in failures.items()]


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

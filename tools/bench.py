"""bench [NAME...]: the speed ratios this project claims, each against its reference in the same run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

import cli


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep what is simulated there (up to 5 GB).")
@click.option("--threads", type=click.IntRange(1), help="Threads of torch.  [default: all cores]")
@cli.json_option
def main(names: tuple[str, ...], folder: Path | None, threads: int | None, as_json: bool) -> None:
    """Measure all claims, or those of some NAMEs; exit code 1 where one does not hold."""
    import torch

    from fusion.benchmarks import BENCHMARKS
    from modalities.checks import check_choice

    if threads:
        torch.set_num_threads(threads)
    chosen = [check_choice("benchmark", name, BENCHMARKS) for name in names] or list(BENCHMARKS)
    rows = []
    with tempfile.TemporaryDirectory(prefix="triad-bench-") as temporary:
        for name in cli.progress(chosen, label="measuring"):
            place = (folder or Path(temporary)) / name
            place.mkdir(parents=True, exist_ok=True)
            rows += BENCHMARKS[name](place)
    if as_json:
        cli.print_json([row.document() for row in rows])
    else:
        table = Table("what", "device", "ours", "reference", "unit", "ratio", "promised", "kept")
        for row in rows:
            promised = f"≥ {row.required:g}×" if row.required else ""
            promised += f" {'≥' if row.unit.endswith('/s') else '≤'} {row.limit:g} {row.unit}" if row.limit else ""
            figures = (f"{row.ours:.4g}", f"{row.reference:.4g}", row.unit, f"{row.ratio:.2f}")
            table.add_row(row.name, row.device, *figures, promised.strip(), "yes" if row.kept else "NO")
        Console().print(table)
        for row in rows:
            if row.note:
                click.echo(f"{row.name}: {row.note}")
    click.get_current_context().exit(0 if all(row.kept for row in rows) else 1)


if __name__ == "__main__":
    cli.run(main)

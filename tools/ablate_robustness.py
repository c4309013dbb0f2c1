"""Accuracy of models on corrupted samples, the outputs of ablate --robustness."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from triad.tools import cli


def measure_models(
    paths: Sequence[tuple[Path, Path]],
    data: Path | None,
    *,
    out: Path,
    split: str,
    options: Sequence[str],
    as_json: bool,
) -> None:
    """Write ``robustness.json`` and ``robustness.png``, and print the table or the document."""
    from triad.fusion.evaluation.robustness import load_models, measure_robustness
    from triad.fusion.evaluation.robustness_plot import plot_robustness
    from triad.fusion.evaluation.robustness_table import robustness_table
    from triad.modalities.atomic_files import atomic_write, write_json

    models = load_models(paths, data=data, options=options)
    document = measure_robustness(models, split=split, track=partial(cli.progress, label="corruptions"))
    write_json(out / "robustness.json", document)
    with atomic_write(out / "robustness.png") as temporary:
        temporary.write_bytes(plot_robustness(document))
    if as_json:
        cli.print_json(document)
    else:
        cli.TextConsole(width=None if sys.stdout.isatty() else 140).print(robustness_table(document))
        cli.echo(f"{out / 'robustness.json'}\n{out / 'robustness.png'}")

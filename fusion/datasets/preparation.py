"""Preparation of a dataset by its name: index, report, and a lock of the folder meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from triad.fusion.datasets.registry import get_dataset
from triad.fusion.index import load_index
from triad.modalities.atomic_files import write_json
from triad.modalities.checks import did_you_mean, fail
from triad.modalities.folder_lock import lock_folder

REPORT = "prepare.json"
"""Name of the report in the folder of a prepared dataset."""


def prepare(
    dataset: str, *paths: str | Path, progress: Callable[[Iterable[Any]], Iterable[Any]] = iter, **options: Any
) -> dict[str, Any]:
    """Turn a dataset as downloaded, or clips of one's own, into an index, as ``triad prepare`` does.

    Args:
        dataset: name of the dataset, ``folder`` or ``table`` for clips of one's own.
        paths: paths that its command names, the output folder last.
        progress: function that is given the recordings and yields them.
        options: options of its command, as ``layout="coco17"``.

    Returns:
        the report, which is also written to ``prepare.json``: records of each split, and what was dropped with reasons.

    Raises:
        InputError: If the dataset or an option is unknown, paths are missing, or the source cannot be read.
    """
    from triad.fusion.datasets.dataset_check import summarize_dataset  # imports torch

    chosen = get_dataset(dataset)
    if len(paths) != len(chosen.arguments):
        fail(f"paths of dataset '{dataset}'", f"be {', '.join(chosen.arguments)}", f"{len(paths)} paths")
    defaults = {option.name.replace("-", "_"): option.default for option in chosen.options}
    for name in options:
        if name not in defaults:
            must = f"be one of {', '.join(defaults) or 'none'}"
            fail(f"option of dataset '{dataset}'", must, f"'{name}'{did_you_mean(name, defaults)}")
    out = Path(paths[-1])
    with lock_folder(out, "preparation"):
        report = chosen.prepare(*map(Path, paths), progress=progress, **{**defaults, **options})
        index = load_index(out)
        document = {"dataset": index.dataset, **report, **summarize_dataset(index)}
        write_json(out / REPORT, document)
    return document

"""Results of experiments, a row each in one JSON file that the zoo, its plot and the README read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from triad.fusion.evaluation.run_summary import summarize_runs
from triad.fusion.evaluation.subset_cost import ATTENTION
from triad.fusion.predictions import FUSED, Predictions
from triad.modalities.atomic_files import atomic_write, read_json
from triad.modalities.checks import fail

IDENTITY = ("configs", "dataset", "protocols", "split", "stream", "fusion", "seeds")
"""Fields that two results of one experiment share; the later one replaces the earlier."""

_CURE = "write it with triad aggregate TEST... --record"


def summarize_result(runs: Sequence[Predictions], *, stream: str | None, command: str) -> dict[str, Any]:
    """Return the row of an experiment: what was run, its accuracies, and how they came about.

    Accuracies are those of :func:`triad.fusion.evaluation.summarize_runs`: of all folds as one test set, or the mean
    over splits and seeds. The interval of a mean over splits is the joint one.

    Args:
        runs: predictions of one experiment, a file for every split, fold and seed.
        stream: name of the stream to evaluate; None takes ``fused``, or the only stream.
        command: command line that writes the row.

    Raises:
        InputError: If the files do not fit each other, or do not name the config that made them.
    """
    summary = summarize_runs(runs, stream=stream)
    meta = runs[0].meta
    streams = [*runs[0].streams] if summary["stream"] == FUSED else [summary["stream"]]
    costs = _costs(meta, streams)
    return {
        "configs": _configs(meta, streams),
        "dataset": summary["dataset"],
        "protocols": summary["protocols"],
        "split": meta.get("split"),
        "stream": summary["stream"],
        "fusion": meta.get("fusion", {}).get("method") if summary["stream"] == FUSED else None,
        "seeds": [row["seed"] for row in summary["seeds"]],
        "num_test": sum(len(run) for run in runs) // len(summary["seeds"]),
        "mean_class_accuracy": round(summary["mean_class_accuracy"], 5),
        "top1": round(summary["top1"], 5),
        "ci95": [round(bound, 5) for bound in summary.get("ci95") or []] or None,
        "parameters": sum(int(cost["parameters"]) for cost in costs) if costs else None,
        "gmacs": round(sum(cost["gmacs"] for cost in costs), 6) if costs else None,
        "hardware": meta.get("hardware"),
        "date": date.today().isoformat(),
        "command": command,
    }


def record_result(path: str | Path, result: Mapping[str, Any]) -> None:
    """Write a result into the file, in the place of an earlier one of the same experiment; rows are sorted.

    Raises:
        InputError: If the file is there and holds no results.
    """
    path = Path(path)
    results = load_results(path) if path.exists() else []
    kept = [row for row in results if _identity(row) != _identity(result)]
    rows = sorted([*kept, dict(result)], key=_identity)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    with atomic_write(path) as temporary:
        temporary.write_text(f"[\n{lines}\n]\n", "utf-8")


def load_results(path: str | Path) -> list[dict[str, Any]]:
    """Read the results of a file.

    Raises:
        InputError: If the file is missing or holds no results.
    """
    rows = read_json(path, cure=_CURE)
    if not isinstance(rows, list) or any(not isinstance(row, dict) or set(IDENTITY) - set(row) for row in rows):
        fail(f"results file '{path}'", f"be a list of rows with {', '.join(IDENTITY)}", "another document", _CURE)
    return rows


def results_of(config: str, results: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the results of one network: those of its config alone, on the test split.

    Args:
        config: path of the leaf from the folder of all configs, as ``configs/rgb/slowonly_jhmdb.py``.
        results: rows of the results file.
    """
    return [row for row in results if row["configs"] == [config] and row["split"] == "test"]


def select_comparable(results: Sequence[Mapping[str, Any]], *, dataset: str | None = None) -> list[Mapping[str, Any]]:
    """Return the largest group of test results that compare: one dataset, the same protocols, the cost known.

    Args:
        results: rows of the results file.
        dataset: name of the dataset; by default that of the largest group.

    Raises:
        InputError: If there is none.
    """
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in results:
        if row["split"] == "test" and row["gmacs"] and dataset in (None, row["dataset"]):
            groups.setdefault((row["dataset"], *row["protocols"]), []).append(row)
    if not groups:
        subject = f"results on '{dataset}'" if dataset else "results"
        fail(subject, "hold a test result with its cost", f"none in {len(results)} rows", _CURE)
    return max(groups.values(), key=len)


def describe_protocols(result: Mapping[str, Any]) -> str:
    """Return dataset and protocols of a result: ``jhmdb, split1–split3``."""
    first, *others = result["protocols"]
    return f"{result['dataset']}, {first}" + (f"–{others[-1]}" if others else "")


def format_accuracy(result: Mapping[str, Any]) -> str:
    """Return a result in a few words: ``28.1 (jhmdb, split1–split3)``, in per cent of mean class accuracy."""
    return f"{100 * result['mean_class_accuracy']:.1f} ({describe_protocols(result)})"


def _identity(row: Mapping[str, Any]) -> str:
    return json.dumps([row[field] for field in IDENTITY])


def _configs(meta: Mapping[str, Any], streams: Sequence[str]) -> list[str]:
    """Return the leaves of the networks behind the streams, as paths from the folder of all configs.

    Streams without a network have the command that made them instead.
    """
    meta_by_stream = meta.get("streams", {})
    return sorted({_config(meta_by_stream.get(stream, meta)) for stream in streams})


def _config(meta: Mapping[str, Any]) -> str:
    if meta.get("config"):
        return Path("configs", *Path(meta["config"]).parts[-2:]).as_posix()
    if not meta.get("command"):
        cure = "test it again with triad test CONFIG CHECKPOINT --dump"
        fail("predictions to record", "name the config that made them", "no config", cure)
    return meta["command"]


def _costs(meta: Mapping[str, Any], streams: Sequence[str]) -> list[Mapping[str, float]]:
    """Return the cost of each stream and of the attention; empty where one is not known."""
    costs: Mapping[str, Any] = meta.get("cost", {})
    if any(stream not in costs for stream in streams):
        return []
    attention = [costs[ATTENTION]] if ATTENTION in costs else []
    return [*(costs[stream] for stream in streams), *attention]

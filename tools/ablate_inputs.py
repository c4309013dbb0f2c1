"""Candidates that ablate evaluates: from predictions, from one joint model, or from a training of every subset."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triad.tools import cli

if TYPE_CHECKING:
    from mmengine.config import Config

    from triad.fusion.evaluation import FusionCandidate
    from triad.fusion.predictions import Predictions

Ablation = tuple["Predictions", "Predictions", list["FusionCandidate"]]
"""Test predictions, validation predictions, and the candidates made from them."""


def ablate_predictions(
    test_paths: tuple[str, ...],
    val_paths: tuple[str, ...],
    streams: tuple[str, ...],
    methods: tuple[str, ...],
    compared: tuple[str, ...],
) -> dict[str, Ablation]:
    """Fit every late fusion of predictions files, in each protocol on its own validation predictions."""
    from triad.fusion.evaluation import build_late_candidates, group_runs_by_origin
    from triad.fusion.evaluation.aggregate import are_folds_of_one
    from triad.fusion.late_fusion import DEFAULT_METHODS, LATE_METHODS
    from triad.fusion.predictions import Predictions, join_predictions

    methods = tuple(LATE_METHODS) if methods == ("all",) else methods or DEFAULT_METHODS
    methods += tuple(method for method in compared if method not in methods)
    tests = group_runs_by_origin([Predictions.load(path) for path in test_paths], subject="test predictions")
    vals = group_runs_by_origin([Predictions.load(path) for path in val_paths], subject="validation predictions")
    if len(tests) == len(vals) == 1:
        pairs = {name: (tests[name], val) for name, val in zip(tests, vals.values(), strict=True)}
    elif tests.keys() == vals.keys():
        pairs = {name: (tests[name], vals[name]) for name in tests}
    else:
        protocols = " and of ".join(", ".join(groups) for groups in (tests, vals))
        raise click.UsageError(f"--fit needs the protocols of the test predictions, got predictions of {protocols}")
    ablations = {}
    for name, (test_members, val_members) in pairs.items():
        test = join_predictions(test_members)
        val = join_predictions(val_members)
        if streams:
            test = test.select_streams(streams)
            val = val.select_streams(streams)
        track = partial(cli.progress, label=f"subsets of {name}" if len(pairs) > 1 else "subsets")
        ablations[name] = (
            test,
            val,
            build_late_candidates(test, val, methods=methods, keeps_scores=are_folds_of_one(list(pairs)), track=track),
        )
    return ablations


def ablate_joint_model(
    config_path: Path, checkpoint: Path, data: Path | None, split: str, options: tuple[str, ...]
) -> tuple[Ablation, Path, bool]:
    """Mask the streams of one model; also returns its dataset and whether its decisions can be explained."""
    from triad.fusion.evaluation.stream_masking import build_masked_candidates
    from triad.fusion.rendering import can_explain
    from triad.fusion.training.config import build_config

    config = build_config(config_path, options=options, data=data)
    track = partial(cli.progress, label="batches")
    ablation = build_masked_candidates(config, checkpoint, split=split, track=track)
    return ablation, Path(config.data["index"]), can_explain(config)


def retrain_subsets(
    config_path: Path, data: Path | None, out: Path, split: str, options: tuple[str, ...]
) -> tuple[Ablation, Path]:
    """Train a model on every subset of the streams of a config; also returns its dataset."""
    from triad.fusion.evaluation.retraining import build_retrained_candidates
    from triad.fusion.training.config import build_config
    from triad.modalities.folder_lock import lock_folder

    def build(work_dir: Path) -> Config:
        return build_config(config_path, options=options, data=data, work_dir=work_dir)

    track = partial(cli.progress, label="trainings")
    with lock_folder(out, "retraining of subsets"):
        ablation = build_retrained_candidates(build, out / "retrained", split=split, track=track)
    return ablation, Path(build(out).data["index"])


def measure_costs(test: Predictions, data: Path) -> tuple[Predictions, dict[str, Any]]:
    """Return predictions whose costs have milliseconds, and the cost of extracting what each stream reads."""
    from triad.fusion.benchmarks.extraction_cost import measure_extraction
    from triad.fusion.index import load_index
    from triad.fusion.training.network_time import measure_stream_ms

    index = load_index(data)
    times = measure_stream_ms(test.meta, data)
    cost = {stream: dict(of_stream) for stream, of_stream in test.meta.get("cost", {}).items()}
    for stream, milliseconds in times.items():
        cost.setdefault(stream, {})["ms"] = milliseconds
    measured = {stream: measure_extraction(index, stream) for stream in test.streams}
    return replace(test, meta={**test.meta, "cost": cost}), {name: one for name, one in measured.items() if one}

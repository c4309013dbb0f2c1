"""Construction of flow estimators from their names and options."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from triad.modalities.checks import check_choice, fail
from triad.modalities.flow.estimators.interfaces import FlowEstimator
from triad.modalities.flow.estimators.names import PTLFLOW, split_short_side
from triad.modalities.flow.estimators.opencv import METHODS, OpencvFlow
from triad.modalities.flow.estimators.resized import ResizedFlow


class EstimatorEntry(NamedTuple):
    """Constructor of an estimator from its name and options, and the options that it takes."""

    build: Callable[[str, dict[str, Any]], FlowEstimator]
    options: frozenset[str]


def _build_opencv(name: str, options: dict[str, Any]) -> FlowEstimator:
    return OpencvFlow(name)


def _build_raft(name: str, options: dict[str, Any]) -> FlowEstimator:
    from triad.modalities.flow.estimators.raft import Raft

    return Raft(name, **{"weights": None, **options})


def _build_fast_raft(name: str, options: dict[str, Any]) -> FlowEstimator:
    from triad.modalities.flow.estimators.raft_fast import FastRaft

    return FastRaft(name, **{"weights": None, **options})


def _build_flownets(name: str, options: dict[str, Any]) -> FlowEstimator:
    from triad.modalities.flow.estimators.flownets import FlowNetSFlow

    return FlowNetSFlow(**{"weights": None, **options})


def _build_ptlflow(name: str, options: dict[str, Any]) -> FlowEstimator:
    from triad.modalities.flow.estimators.ptlflow_model import PtlflowModel

    return PtlflowModel(name.removeprefix(PTLFLOW), **{"weights": None, **options})


_NETWORK_OPTIONS = frozenset({"weights", "device"})
_ENTRIES: dict[str, EstimatorEntry] = {
    **dict.fromkeys(METHODS, EstimatorEntry(_build_opencv, frozenset())),
    **dict.fromkeys(("raft_small", "raft_large"), EstimatorEntry(_build_raft, _NETWORK_OPTIONS | {"iterations"})),
    **dict.fromkeys(
        ("raft_small_fast", "raft_large_fast"),
        EstimatorEntry(_build_fast_raft, _NETWORK_OPTIONS | {"iterations", "warm_start"}),
    ),
    "flownets": EstimatorEntry(_build_flownets, _NETWORK_OPTIONS),
}
_PTLFLOW_ENTRY = EstimatorEntry(_build_ptlflow, _NETWORK_OPTIONS)
ESTIMATORS = tuple(_ENTRIES)
"""Names of the estimators; ``ptlflow:MODEL`` is any model of ptlflow."""


def build_estimator(
    name: str,
    *,
    weights: str | Path | None = None,
    iterations: int | None = None,
    device: str = "cpu",
    warm_start: bool = False,
) -> FlowEstimator:
    """Build an estimator by name.

    Args:
        name: one of ``ESTIMATORS``, or ``ptlflow:MODEL``; ``@SIDE`` after it scales the frames' short side.
        weights: file of the network's weights, or ``random:SEED`` for untrained ones.
        iterations: number of RAFT's refinements, by default 12.
        device: device of the network, e.g. ``cpu`` or ``cuda``.
        warm_start: whether fast RAFT begins a pair with the flow of the pair before.

    Raises:
        InputError: for an unknown name, an option that the estimator does not have, or weights that do not fit.
    """
    check_estimator_name(name)
    base, short_side = split_short_side(name)
    entry = _PTLFLOW_ENTRY if base.startswith(PTLFLOW) else _ENTRIES[base]
    options = {"weights": weights, "iterations": iterations, "device": device, "warm_start": warm_start}
    for option, default in (("weights", None), ("iterations", None), ("device", "cpu"), ("warm_start", False)):
        if options[option] == default:
            del options[option]
        elif option not in entry.options:
            fail(f"--{option.replace('_', '-')}", f"be left out for '{base}', which does not have it", options[option])
    estimator = entry.build(base, options)
    return estimator if short_side is None else ResizedFlow(estimator, short_side)


def check_estimator_name(name: str) -> str:
    """Return ``name`` if it names an estimator; a model of ptlflow is looked up only when it is built.

    Raises:
        InputError: If it names no estimator.
    """
    base, _ = split_short_side(name)
    if not base.startswith(PTLFLOW):
        check_choice("flow estimator", base, (*ESTIMATORS, f"{PTLFLOW}MODEL"))
    return name

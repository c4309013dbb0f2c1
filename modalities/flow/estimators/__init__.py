"""Flow estimators by name, each an adapter to a library that has it, or a network that this project trains.

May import: ``modalities.flow.estimator`` and the checks; torch only where a network is built.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from modalities.checks import check_choice, fail
from modalities.flow.estimator import FlowEstimator
from modalities.flow.estimators.opencv import METHODS, OpencvFlow


def _raft(name: str, options: dict[str, Any]) -> FlowEstimator:
    from modalities.flow.estimators.raft import Raft

    return Raft(name, **{"weights": None, **options})


def _fast_raft(name: str, options: dict[str, Any]) -> FlowEstimator:
    from modalities.flow.estimators.raft_fast import FastRaft

    return FastRaft(name, **{"weights": None, **options})


def _flownets(name: str, options: dict[str, Any]) -> FlowEstimator:
    from modalities.flow.estimators.flownets import FlowNetSFlow

    return FlowNetSFlow(**{"weights": None, **options})


def _ptlflow(name: str, options: dict[str, Any]) -> FlowEstimator:
    from modalities.flow.estimators.ptlflow_model import PtlflowModel

    return PtlflowModel(name.removeprefix(PTLFLOW), **{"weights": None, **options})


Kind = tuple[Callable[[str, dict[str, Any]], FlowEstimator], frozenset[str]]
"""How an estimator is built, and the options that it has."""

PTLFLOW = "ptlflow:"
_NETWORK = frozenset({"weights", "device"})
_OPENCV: Kind = (lambda name, options: OpencvFlow(name), frozenset())
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(METHODS, _OPENCV),
    **dict.fromkeys(("raft_small", "raft_large"), (_raft, _NETWORK | {"iterations"})),
    **dict.fromkeys(("raft_small_fast", "raft_large_fast"), (_fast_raft, _NETWORK | {"iterations", "warm_start"})),
    "flownets": (_flownets, _NETWORK),
}
ESTIMATORS = tuple(_KINDS)
"""Their names; beside them ``ptlflow:MODEL`` for any model of ptlflow."""


def build_estimator(
    name: str,
    *,
    weights: str | Path | None = None,
    iterations: int | None = None,
    device: str = "cpu",
    warm_start: bool = False,
) -> FlowEstimator:
    """An estimator by name.

    Args:
        name: one of ``ESTIMATORS``, or ``ptlflow:MODEL``.
        weights: file of the network's weights, or ``random:SEED`` for an untrained one.
        iterations: RAFT's refinements, by default 12.
        device: where the network runs.
        warm_start: whether fast RAFT begins with the flow of the pair before.

    Raises:
        InputError: for an unknown name, an option that the estimator does not have, or weights that do not fit.
    """
    check_estimator(name)
    build, has = (_ptlflow, _NETWORK) if name.startswith(PTLFLOW) else _KINDS[name]
    given = {"weights": weights, "iterations": iterations, "device": device, "warm_start": warm_start}
    for option, unset in (("weights", None), ("iterations", None), ("device", "cpu"), ("warm_start", False)):
        if given[option] == unset:
            del given[option]
        elif option not in has:
            fail(f"--{option.replace('_', '-')}", f"be left out for '{name}', which does not have it", given[option])
    return build(name, given)


def check_estimator(name: str) -> str:
    """The name; whether ptlflow has its model shows when it is built.

    Raises:
        InputError: if it is none of an estimator.
    """
    return name if name.startswith(PTLFLOW) else check_choice("flow estimator", name, (*ESTIMATORS, f"{PTLFLOW}MODEL"))


def stream_of(name: str) -> str:
    """The stream of an estimator, and so the name of a folder."""
    return f"flow_{name.replace(':', '_')}"


def name_of(stream: str) -> str:
    """The estimator of a stream that :func:`stream_of` named."""
    name, theirs = stream.removeprefix("flow_"), PTLFLOW.replace(":", "_")
    return f"{PTLFLOW}{name.removeprefix(theirs)}" if name.startswith(theirs) else name


__all__ = ["ESTIMATORS", "OpencvFlow", "build_estimator", "check_estimator", "name_of", "stream_of"]

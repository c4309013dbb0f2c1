"""Flow estimators by name, each an adapter to a library that has it, or a network that this project trains.

``NAME@SIDE`` is the estimator on frames whose short side is scaled to so many pixels.
May import: ``modalities.flow.estimator``, the canvas and the checks; torch only where a network is built.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from modalities.checks import check_choice, fail
from modalities.flow.estimator import FlowEstimator
from modalities.flow.estimators.opencv import METHODS, OpencvFlow
from modalities.flow.estimators.resized import ResizedFlow


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
        name: one of ``ESTIMATORS``, or ``ptlflow:MODEL``; ``@SIDE`` behind it scales the frames' short side.
        weights: file of the network's weights, or ``random:SEED`` for an untrained one.
        iterations: RAFT's refinements, by default 12.
        device: where the network runs.
        warm_start: whether fast RAFT begins with the flow of the pair before.

    Raises:
        InputError: for an unknown name, an option that the estimator does not have, or weights that do not fit.
    """
    check_estimator(name)
    name, side = split_side(name)
    build, has = (_ptlflow, _NETWORK) if name.startswith(PTLFLOW) else _KINDS[name]
    given = {"weights": weights, "iterations": iterations, "device": device, "warm_start": warm_start}
    for option, unset in (("weights", None), ("iterations", None), ("device", "cpu"), ("warm_start", False)):
        if given[option] == unset:
            del given[option]
        elif option not in has:
            fail(f"--{option.replace('_', '-')}", f"be left out for '{name}', which does not have it", given[option])
    estimator = build(name, given)
    return estimator if side is None else ResizedFlow(estimator, side)


def check_estimator(name: str) -> str:
    """The name; whether ptlflow has its model shows when it is built.

    Raises:
        InputError: if it is none of an estimator.
    """
    own, _ = split_side(name)
    if not own.startswith(PTLFLOW):
        check_choice("flow estimator", own, (*ESTIMATORS, f"{PTLFLOW}MODEL"))
    return name


def split_side(name: str) -> tuple[str, int | None]:
    """The estimator of ``NAME@SIDE``, and the short side of its frames; None where it takes them as they are.

    Raises:
        InputError: if the side is no number of pixels.
    """
    own, at, side = name.partition("@")
    if not at:
        return name, None
    if not re.fullmatch(r"[1-9]\d{0,4}", side):
        fail(f"short side of frames in '{name}'", "be pixels, as in dis@256", f"'{side}'")
    return own, int(side)


def takes_weights(name: str) -> bool:
    """Whether an estimator is a network."""
    own, _ = split_side(name)
    return own not in METHODS


def stream_of(name: str) -> str:
    """The stream of an estimator, and so the name of a folder: ``flow_ptlflow_pwcnet``, ``flow_dis_at256``."""
    return f"flow_{name.replace(':', '_').replace('@', '_at')}"


def name_of(stream: str) -> str:
    """The estimator of a stream that :func:`stream_of` named."""
    name = re.sub(r"_at([1-9]\d*)$", r"@\1", stream.removeprefix("flow_"))
    theirs = PTLFLOW.replace(":", "_")
    return f"{PTLFLOW}{name.removeprefix(theirs)}" if name.startswith(theirs) else name


__all__ = ["ESTIMATORS", "OpencvFlow", "build_estimator", "check_estimator", "name_of", "stream_of", "takes_weights"]

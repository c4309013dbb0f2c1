"""Flow estimators by name, each an adapter to a library that has it.

May import: ``modalities.flow.estimator`` and the checks; torch only where a network is built.
"""

from __future__ import annotations

from pathlib import Path

from modalities.checks import check_choice, fail
from modalities.flow.estimator import FlowEstimator
from modalities.flow.estimators.opencv import METHODS, OpencvFlow

RAFTS = ("raft_small", "raft_large")
ESTIMATORS = (*METHODS, *RAFTS, "flownets")


def build_estimator(
    name: str, *, weights: str | Path | None = None, iterations: int | None = None, device: str = "cpu"
) -> FlowEstimator:
    """An estimator by name.

    Args:
        name: one of ``ESTIMATORS``.
        weights: file of the network's weights.
        iterations: RAFT's refinements, by default 12.
        device: where the network runs.

    Raises:
        InputError: for an unknown name, an option that the estimator does not have, or weights that do not fit.
    """
    check_choice("flow estimator", name, ESTIMATORS)
    if name in RAFTS:
        from modalities.flow.estimators.raft import Raft

        return Raft(name, weights=weights, iterations=12 if iterations is None else iterations, device=device)
    if name == "flownets":
        if iterations is not None:
            fail("--iterations", "be left out for 'flownets', which has none", iterations)
        from modalities.flow.estimators.flownets import FlowNetSFlow

        return FlowNetSFlow(weights=weights, device=device)
    for option, value, default in (
        ("weights", weights, None),
        ("iterations", iterations, None),
        ("device", device, "cpu"),
    ):
        if value != default:
            fail(f"--{option}", f"be left out for '{name}', which runs on the CPU and learns nothing", value)
    return OpencvFlow(name)


__all__ = ["ESTIMATORS", "OpencvFlow", "build_estimator"]

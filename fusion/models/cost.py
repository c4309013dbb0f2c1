"""Cost of each stream of a recognizer for one sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from triad.fusion.models.recognizer import Recognizer
from triad.modalities.cost import count_macs, count_parameters

ATTENTION = "attention"
"""Key of the connections between encoders, the fusion modules behind them, and the joint head."""


def stream_costs(model: Recognizer, batch: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return ``{"parameters", "gmacs"}`` of every stream's encoder and head, and of what fuses them.

    Streams of training alone cost nothing at test and are left out.

    Args:
        model: recognizer, on any device; on the meta device nothing is computed.
        batch: one collated sample. A stream that it lacks is counted on its empty clip, which has the right size.
            Skeletons are counted for the persons of this sample, on the meta device for all that fit into it.
    """
    prepared: dict[str, Any] = model.data_preprocessor(batch, False)["batch"]
    device = next(model.parameters()).device
    for name in model.test_streams:
        tensors = {key: prepared[name][key].to(device) for key in ("data", "valid")}
        present = torch.ones_like(prepared[name]["present"], device=device)
        prepared[name] = {**prepared[name], **tensors, "present": present}
    macs = count_macs(model, prepared)

    def cost(*modules: str) -> dict[str, float]:
        return {
            "parameters": count_parameters(*(model.get_submodule(module) for module in modules)),
            "gmacs": sum(macs_inside(macs, module) for module in modules) / 1e9,
        }

    costs = {
        name: cost(
            f"encoders.{name}",
            *([f"heads.{name}"] if name in model.heads else []),
            *([f"refinements.{name}"] if name in getattr(model, "refinements", {}) else []),
        )
        for name in model.test_streams
    }
    joint = [f"attention.{position}" for position in range(len(model.attention))]
    joint += ["joint_head"] if model.joint_head is not None else []
    joint += [f"paired.{name}" for name, _ in model.paired.named_children()] if model.paired is not None else []
    return costs | ({ATTENTION: cost(*joint)} if joint else {})


def macs_inside(macs: Mapping[str, int], module: str) -> int:
    """Return the MACs of a module, or the sum of its parts where others run them: the stages of a paired encoder.

    Args:
        macs: MACs by dotted name.
        module: name of the module.
    """
    if module in macs:
        return macs[module]
    inner = {name: value for name, value in macs.items() if name.startswith(f"{module}.")}
    outermost = [name for name in inner if not any(name.startswith(f"{outer}.") for outer in inner)]
    return sum(inner[name] for name in outermost)

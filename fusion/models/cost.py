"""What each stream of a recognizer costs a sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from fusion.models.recognizer import Recognizer
from modalities.cost import count_macs, count_parameters

ATTENTION = "attention"
"""The key of what stands between encoders and heads."""


def stream_costs(model: Recognizer, batch: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """``{"parameters", "gmacs"}`` of every stream's encoder and head, and of the attention where there is one.

    Args:
        model: a recognizer.
        batch: one collated sample. A stream that it lacks is counted on its blank clip, which has the right size;
            skeletons are counted for the persons of this sample.
    """
    prepared: dict[str, Any] = model.data_preprocessor(batch, False)["batch"]
    for name in model.streams:
        prepared[name] = {**prepared[name], "present": torch.ones_like(prepared[name]["present"])}
    macs = count_macs(model, prepared)

    def cost(*parts: str) -> dict[str, float]:
        return {
            "parameters": count_parameters(*(model.get_submodule(part) for part in parts)),
            "gmacs": sum(macs.get(part, 0) for part in parts) / 1e9,
        }

    costs = {name: cost(f"encoders.{name}", f"heads.{name}") for name in model.streams}
    return costs | ({ATTENTION: cost(ATTENTION)} if model.attention is not None else {})

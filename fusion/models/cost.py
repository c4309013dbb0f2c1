"""Cost of each stream of a recognizer for one sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from fusion.models.recognizer import Recognizer
from modalities.cost import count_macs, count_parameters

ATTENTION = "attention"
"""Key of the module between encoders and heads."""


def stream_costs(model: Recognizer, batch: Mapping[str, Any], *, on_meta: bool = False) -> dict[str, dict[str, float]]:
    """Return ``{"parameters", "gmacs"}`` of every stream's encoder and head, and of the attention where there is one.

    Args:
        model: recognizer.
        batch: one collated sample. A stream that it lacks is counted on its empty clip, which has the right size;
            skeletons are counted for the persons of this sample.
        on_meta: True to count on the meta device, which computes nothing; the model loses its weights. Models with
            skeletons or attention are counted on their own device all the same, because they depend on values.
    """
    prepared: dict[str, Any] = model.data_preprocessor(batch, False)["batch"]
    for name in model.streams:
        prepared[name] = {**prepared[name], "present": torch.ones_like(prepared[name]["present"])}
    has_skeletons = any(prepared[name]["valid"].ndim == 3 for name in model.streams)
    if on_meta and not has_skeletons and model.attention is None:
        model.to("meta")
        for name in model.streams:
            tensors = {key: prepared[name][key].to("meta") for key in ("data", "valid")}
            prepared[name] = {**prepared[name], **tensors}
    macs = count_macs(model, prepared)

    def cost(*modules: str) -> dict[str, float]:
        return {
            "parameters": count_parameters(*(model.get_submodule(module) for module in modules)),
            "gmacs": sum(macs.get(module, 0) for module in modules) / 1e9,
        }

    costs = {name: cost(f"encoders.{name}", f"heads.{name}") for name in model.streams}
    return costs | ({ATTENTION: cost(ATTENTION)} if model.attention is not None else {})

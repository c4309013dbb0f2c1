"""Freezing of an encoder by depth, for training only its last stages."""

from __future__ import annotations

from torch import nn

from triad.modalities.checks import fail

STAGE_LISTS = ("layers", "blocks")
"""Names of the lists of stages of encoders, tried in order."""
INPUT_MODULES = ("data_norm", "patch_embed", "stem")
"""Names of modules that run before the stages."""


def frozen_modules(encoder: nn.Module, num_stages: int) -> list[nn.Module]:
    """Return the modules of an encoder up to a depth: its first stages and what runs before them.

    Stages are the entries of ``layers`` or ``blocks``, or the ``end_points`` in their order. An input norm, a stem or
    an embedding of patches beside the list runs before them.

    Args:
        encoder: encoder with such stages.
        num_stages: number of stages from the input on, the stem being the first.

    Raises:
        InputError: for an encoder without stages, or more stages than it has.
    """
    before, stages = _stages_of(encoder)
    subject = f"frozen_stages of {type(encoder).__name__}"
    if not stages:
        fail(subject, "be left out, because the network has no list of stages", num_stages, "name the stream in frozen")
    if not 0 <= num_stages <= len(stages):
        fail(subject, f"be 0 to {len(stages)}, its number of stages", num_stages)
    return [*before, *stages[:num_stages]] if num_stages else []


def freeze(encoder: nn.Module, num_stages: int) -> None:
    """Take the parameters of the first stages, and those before them, out of training.

    Batch statistics stay if the modules are also kept in evaluation mode; see :func:`frozen_modules`.

    Args:
        encoder: encoder with stages.
        num_stages: number of stages from the input on.
    """
    modules = frozen_modules(encoder, num_stages)
    for module in modules:
        module.requires_grad_(False)
    if modules:
        for parameter in encoder.parameters(recurse=False):  # class tokens and embeddings of places
            parameter.requires_grad_(False)


def _stages_of(encoder: nn.Module) -> tuple[list[nn.Module], list[nn.Module]]:
    """Return the children that run before the stages, and the stages."""
    end_points = getattr(encoder, "end_points", None)
    if end_points is not None:
        return [], [encoder.get_submodule(name) for name in end_points]
    children = dict(encoder.named_children())
    stages = next((children[name] for name in STAGE_LISTS if name in children), nn.ModuleList())
    before = [children[name] for name in INPUT_MODULES if name in children]
    return before, list(stages.children())

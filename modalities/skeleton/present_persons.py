"""Persons as rows of a batch: present persons go through a network, absent persons become zeros."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from triad.modalities.meta_device import true_indices


def present_persons(valid: Tensor) -> Tensor:
    """Return a mask of the persons with a valid time; the first person of a sample always counts as present.

    Shapes: bool ``[B, M, T]`` -> bool ``[B, M]``.
    """
    present = valid.any(-1)
    present[:, 0] = True
    return present


def mean_over_persons(vectors: Tensor, valid: Tensor) -> Tensor:
    """Return the mean over the persons with a valid time, or the first person's vector where there is none.

    Shapes: ``[B, M, C]``, bool ``[B, M, T]`` -> ``[B, C]``.
    """
    present = valid.any(-1)  # [B, M]
    present[:, 0] |= ~present.any(1)
    weight = present.to(vectors.dtype)[..., None]
    return (vectors * weight).sum(1) / weight.sum(1)


def map_present_persons(
    network: Callable[[Tensor], Tensor], data: Tensor, valid: Tensor, persons: Tensor | None = None
) -> Tensor:
    """Run ``network`` on every present person (see :func:`present_persons`) and return zeros for the absent ones.

    Absent persons then cost no time and do not touch batch statistics: most clips of a two-person dataset show one
    person.

    Args:
        network: network over persons.
        data: skeletons.
        valid: valid times of each person.
        persons: indices ``b · M + m`` of the persons who are present; None to find them in ``valid``, for which a GPU
            has to be waited for.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]``, ``network`` ``[N, C, T, V]`` ->
    ``[N, C', T', V]``; returns ``[B, M, C', T', V]``.
    """
    batch, num_persons = data.shape[:2]
    if torch.compiler.is_exporting():  # sizes in an exported graph must not depend on the mask
        output = network(data.flatten(0, 1)).unflatten(0, (batch, num_persons))
        return torch.where(present_persons(valid)[:, :, None, None, None], output, 0.0)
    if num_persons == 1:
        return network(data[:, 0])[:, None]
    if persons is None:
        persons = true_indices(present_persons(valid).flatten())  # [N]
    rows = data.flatten(0, 1)  # [B·M, C, T, V]
    if len(persons) == len(rows):
        return network(rows).unflatten(0, (batch, num_persons))
    output = network(rows[persons])
    zeros = output.new_zeros(len(rows), *output.shape[1:])
    return zeros.index_copy(0, persons, output).unflatten(0, (batch, num_persons))

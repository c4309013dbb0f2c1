"""Persons as rows of a batch: the present ones go through a network, the absent ones come back as zeros."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def present_persons(valid: Tensor) -> Tensor:
    """Who is there at any time; the first person of a sample always is.

    Shapes: bool ``[B, M, T]`` -> bool ``[B, M]``.
    """
    present = valid.any(-1)
    present[:, 0] = True
    return present


def map_present_persons(network: Callable[[Tensor], Tensor], data: Tensor, valid: Tensor) -> Tensor:
    """Run ``network`` on every person who is there at any time; the first of a sample always is.

    Absence then touches neither batch statistics nor time: most clips of a two-person dataset hold one person.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]``, ``network`` ``[N, C, T, V]`` ->
    ``[N, C', T', V]``; returns ``[B, M, C', T', V]``.
    """
    batch, persons = data.shape[:2]
    if torch.compiler.is_exporting():  # a graph's sizes may not depend on who is there
        out = network(data.flatten(0, 1)).unflatten(0, (batch, persons))
        return torch.where(present_persons(valid)[:, :, None, None, None], out, 0.0)
    if persons == 1:
        return network(data[:, 0])[:, None]
    rows = present_persons(valid).flatten().nonzero()[:, 0]  # [N]
    out = network(data.flatten(0, 1)[rows])
    full = out.new_zeros(batch * persons, *out.shape[1:])
    return full.index_copy(0, rows, out).unflatten(0, (batch, persons))

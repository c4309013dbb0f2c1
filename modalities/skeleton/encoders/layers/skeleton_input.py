"""Input of skeleton encoders: its check, and all persons of a time as one set of joints."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from triad.modalities.checks import check_shape, fail
from triad.modalities.skeleton.layouts import Layout


def check_skeletons(data: Tensor, valid: Tensor, *, layout: Layout, in_channels: int) -> dict[str, int]:
    """Check the batch of a skeleton encoder and return the sizes of its axes.

    Args:
        data: joints.
        valid: mask of persons and times.
        layout: joint layout of the encoder.
        in_channels: coordinates (and score) of a joint.

    Shapes: ``[B, M, C, T, V]``, bool ``[B, M, T]``.

    Raises:
        InputError: If a shape differs.
    """
    name = f"skeleton data of layout '{layout.name}'"
    sizes = check_shape(name, data, ["B", "M", "C", "T", "V"], C=in_channels, V=layout.num_joints)
    check_shape("skeleton mask", valid, ["B", "M", "T"], **sizes)
    return sizes


def joints_of_all_persons(data: Tensor, valid: Tensor, *, persons: int, encoder: str) -> Tensor:
    """Return the joints of all persons of each time, person after person; absent persons are zeros.

    Args:
        data: joints.
        valid: mask of persons and times.
        persons: number of persons ``P`` of the result, those that ``data`` lacks absent.
        encoder: name of the encoder in the error.

    Shapes: ``[B, M, C, T, V]``, bool ``[B, M, T]`` -> ``[B, T, P · V, C]``.

    Raises:
        InputError: for data with more persons.
    """
    given = data.shape[1]
    if given > persons:
        fail("persons of skeleton data", f"be at most {persons}, {encoder}.persons", given)
    joints = torch.where(valid[:, :, None, :, None], data, 0.0).permute(0, 3, 1, 4, 2)  # [B, T, M, V, C]
    return F.pad(joints, (0, 0, 0, 0, 0, persons - given)).flatten(2, 3)

"""What a skeleton transform is, and how a batch goes through a list of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor

from modalities.checks import check_shape, fail
from modalities.skeleton.layouts import Layout


class PoseTransform(Protocol):
    """From joints and which of them were seen to the same; never changes its input.

    The first ``layout.dims`` channels are coordinates, any further one (a score) goes through unchanged. Coordinates
    of joints that were not seen mean nothing until :func:`apply_transforms` sets them to 0 at the end.

    Shapes: ``data`` ``[B, M, T, V, C]``, ``seen`` bool ``[B, M, T, V]``.
    """

    def __call__(self, data: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]: ...


def seen_joints(data: Tensor, layout: Layout) -> Tensor:
    """Which joints were seen: score above 0 where there is one, else any coordinate that is not 0.

    Shapes: ``[B, M, T, V, C]`` -> bool ``[B, M, T, V]``.
    """
    scored = data.shape[-1] > layout.dims
    return data[..., layout.dims] > 0 if scored else (data[..., : layout.dims] != 0).any(-1)


def apply_transforms(data: Tensor, layout: Layout, transforms: Sequence[PoseTransform]) -> Tensor:
    """Send a batch through ``transforms`` and lay it out for an encoder; joints that were not seen become 0.

    Shapes: ``[B, M, T, V, C]`` -> ``[B, M, C, T, V]``.

    Raises:
        InputError: if the joints are not the layout's or too few channels are given.
    """
    sizes = check_shape(f"skeleton batch of layout '{layout.name}'", data, "BMTVC", V=layout.num_joints)
    if sizes["C"] < layout.dims:
        fail(f"skeleton batch of layout '{layout.name}'", f"have at least {layout.dims} channels", sizes["C"])
    seen = seen_joints(data, layout)
    for transform in transforms:
        data, seen = transform(data, seen, layout)
    return (data * seen[..., None]).permute(0, 1, 4, 2, 3)

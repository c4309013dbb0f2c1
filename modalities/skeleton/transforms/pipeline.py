"""Skeletons as networks read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from modalities.checks import check_shape
from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.transforms.base import PoseStep
from modalities.skeleton.transforms.view import apply_view
from modalities.warp import view_matrix


@TRANSFORMS.register_module()
class SkeletonTransform(nn.Module):
    """View, then ``steps`` in their order; on the device, a batch at once. Joints that were not seen are 0.

    Args:
        layout: name of the joint layout.
        canvas: height and width of the canvas that pixel joints were read onto; 2D joints stay in its pixels.
        steps: what the classes of this folder do, as objects or as configs of them.

    Shapes: ``data`` ``[B, M, T, V, C]``, ``scores`` ``[B, M, T, V]``, ``valid`` bool ``[B, M, T]`` -> float
    ``[B, M, C, T, V]``, bool ``[B, M, T]``.

    Raises:
        InputError: if the joints are not the layout's.
    """

    def __init__(
        self, *, layout: str, canvas: Sequence[int], steps: Sequence[PoseStep | Mapping[str, Any]] = ()
    ) -> None:
        super().__init__()
        self.layout = get_layout(layout)
        self.canvas = (canvas[0], canvas[1])
        self.steps = [TRANSFORMS.build(step) if isinstance(step, Mapping) else step for step in steps]

    def forward(self, entry: Mapping[str, Tensor], view: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        points, valid, layout = entry["data"], entry["valid"], self.layout
        name = f"skeleton batch of layout '{layout.name}'"
        check_shape(name, points, ["B", "M", "T", "V", "C"], V=layout.num_joints, C=layout.dims)
        seen = (entry["scores"] > 0) & valid[..., None]
        matrix = view_matrix(view, self.canvas, self.canvas)
        points, seen = apply_view(points, seen, layout, matrix=matrix, flip=view["flip"] > 0, rotate=view["rotate"])
        for step in self.steps:
            points, seen = step(points, seen, layout)
        return (points * seen[..., None]).permute(0, 1, 4, 2, 3), valid

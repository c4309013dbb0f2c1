"""Skeletons and the affine map that has still to be applied to them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.transforms.affine import affine_transform
from triad.modalities.skeleton.transforms.root_anchor import root_anchor


@dataclass(frozen=True)
class MovedPoses:
    """Skeletons of a batch, moved as one body each: several steps cost one product over the joints.

    A joint lies at ``linear @ (point − anchor) + position``. The map keeps angles, so that lengths in it are those
    of ``points`` times ``size``, and the root anchor, which every step moves about, is known in it: ``position``.

    Args:
        points: joints as they are.
        visible: mask of the joints that were measured.
        layout: joint layout.
        anchor: root anchor of ``points``, see :func:`root_anchor`; None while nothing was moved.
        position: position of the anchor.
        linear: linear part of the map; None for the identity.
        size: factor of lengths; None for 1.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]``; ``[B, C]``, ``[B, C]``, ``[B, C, C]``, ``[B]``.
    """

    points: Tensor
    visible: Tensor
    layout: Layout
    anchor: Tensor | None = None
    position: Tensor | None = None
    linear: Tensor | None = None
    size: Tensor | None = None

    def position_of_anchor(self) -> tuple[Tensor, Tensor]:
        """Return the root anchor of the joints as they are, and its position, ``[B, C]`` each."""
        if self.anchor is None or self.position is None:
            anchor = root_anchor(self.points, self.visible, self.layout)[:, 0, 0, 0]
            return anchor, anchor
        return self.anchor, self.position

    def turned(self, rotation: Tensor) -> MovedPoses:
        """Return the skeletons after a linear map ``[B, C, C]`` about their anchor."""
        anchor, position = self.position_of_anchor()
        linear = rotation if self.linear is None else rotation @ self.linear
        return replace(self, anchor=anchor, position=position, linear=linear)

    def centered(self) -> MovedPoses:
        """Return the skeletons with their anchor at the origin."""
        anchor, position = self.position_of_anchor()
        return replace(self, anchor=anchor, position=torch.zeros_like(position))

    def divided(self, length: Tensor) -> MovedPoses:
        """Return the skeletons divided by a length each, ``[B]``."""
        anchor, position = self.position_of_anchor()
        inverse = length.reciprocal()[:, None]
        size = inverse[:, 0] if self.size is None else self.size * inverse[:, 0]
        if self.linear is None:
            axes = self.points.shape[-1]
            linear = torch.diag_embed(inverse.expand(-1, axes))
        else:
            linear = self.linear * inverse[..., None]
        return replace(self, anchor=anchor, position=position * inverse, linear=linear, size=size)

    def map(self) -> tuple[Tensor | None, Tensor | None]:
        """Return the map as ``linear @ point + shift``: ``[B, C, C]`` and ``[B, C]``, None for identity and 0."""
        if self.anchor is None or self.position is None:
            return self.linear, None
        if self.linear is None:
            return None, self.position - self.anchor
        shift = torch.baddbmm(self.position[..., None], self.linear, self.anchor[..., None], alpha=-1)
        return self.linear, shift[..., 0]

    def apply(self) -> Tensor:
        """Return the joints in their places, ``[B, M, T, V, C]``."""
        linear, shift = self.map()
        if linear is None:
            return self.points if shift is None else self.points + shift[:, None, None, None]
        return affine_transform(self.points, linear, shift)


class MovingStep(ABC):
    """Base of steps that move each skeleton as one body; several in turn become one map."""

    @abstractmethod
    def move(self, poses: MovedPoses) -> MovedPoses:
        """Return the skeletons with this step added to their map."""
        ...

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        return self.move(MovedPoses(points, visible, layout)).apply(), visible

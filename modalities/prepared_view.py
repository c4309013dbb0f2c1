"""Views of a batch, prepared on the host so that a device has little to do and nothing to ask."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

ANGLES = ("rotate", "tilt", "roll")
_NEUTRAL: Mapping[tuple[str, ...], float] = {
    ("brightness", "contrast", "saturation"): 1.0,
    ("noise",): 0.0,
    **{(angle,): 0.0 for angle in ANGLES},
    ("scale",): 1.0,
}
"""Values of fields of :class:`triad.modalities.augmentation.SpatialAugmentation` that change nothing."""


def prepare_view(view: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the view of a batch with the fields that change something in it.

    Colours are kept or dropped together, noise with its seed. Rotation and size of skeletons become one matrix,
    ``rotation`` ``[B, 3, 3]``. Names of fields alone then tell what is to be done. A view on a GPU is left as it is.

    Args:
        view: fields of :class:`triad.modalities.augmentation.SpatialAugmentation`, ``[B]`` each.
    """
    fields = dict(view)
    if not all(field.is_cpu for field in fields.values()):
        return fields
    for names, neutral in _NEUTRAL.items():
        if all(name not in fields or bool((fields[name] == neutral).all()) for name in names):
            for name in names:
                fields.pop(name, None)
    if "noise" not in fields:
        fields.pop("noise_seed", None)
    rotation = view_rotation(fields)
    if rotation is not None:
        fields = {name: field for name, field in fields.items() if name not in (*ANGLES, "scale")}
        fields["rotation"] = rotation
    return fields


def view_rotation(view: Mapping[str, Tensor]) -> Tensor | None:
    """Return the rotation of skeletons times their scale, ``[B, 3, 3]``; None of a view that has neither."""
    if "rotation" in view:
        return view["rotation"]
    given = next((view[name] for name in (*ANGLES, "scale") if name in view), None)
    if given is None:
        return None
    rotation = rotation_matrix(*(view.get(angle, torch.zeros_like(given)) for angle in ANGLES))
    return rotation * view["scale"][:, None, None] if "scale" in view else rotation


def rotation_matrix(rotate: Tensor, tilt: Tensor, roll: Tensor) -> Tensor:
    """Return rotations about the vertical (y), then the horizontal (x), then the optical axis (z).

    Shapes: radians, ``[B]`` each -> ``[B, 3, 3]``.
    """
    zero = torch.zeros_like(rotate)
    one = torch.ones_like(rotate)
    (cy, sy), (cx, sx), (cz, sz) = ((angle.cos(), angle.sin()) for angle in (rotate, tilt, roll))
    about_y = torch.stack([cy, zero, sy, zero, one, zero, -sy, zero, cy], -1)
    about_x = torch.stack([one, zero, zero, zero, cx, -sx, zero, sx, cx], -1)
    about_z = torch.stack([cz, -sz, zero, sz, cz, zero, zero, zero, one], -1)
    y, x, z = (rows.unflatten(-1, (3, 3)) for rows in (about_y, about_x, about_z))
    return z @ x @ y

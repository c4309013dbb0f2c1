"""Crops of a test sample that all of its streams see."""

from __future__ import annotations

from collections.abc import Mapping

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import fail
from triad.modalities.clips import Reader
from triad.modalities.crop_views import CropViews
from triad.modalities.modality import get_modality

WHOLE_FRAME = (SpatialAugmentation(),)
"""Views of a test without crops."""
TOLERANCE = 0.02
"""Largest relative difference between aspect ratios that count as equal: 128 × 171 and 120 × 160 differ by 0.002."""


def spatial_views(crop_views: CropViews | None, readers: Mapping[str, Reader]) -> tuple[SpatialAugmentation, ...]:
    """Return the spatial views of each temporal clip, the one in the centre first.

    Skeletons alone are shown whole, once: there are no pictures to crop.

    Args:
        crop_views: crops of the test; None shows the whole frame.
        readers: reader of each stream.

    Raises:
        InputError: If the frames of the streams differ in shape, so that a crop would show other parts of each.
    """
    if crop_views is None or all(get_modality(reader.modality).has_joints for reader in readers.values()):
        return WHOLE_FRAME
    return crop_views(shared_frame_size(readers))


def shared_frame_size(readers: Mapping[str, Reader]) -> tuple[int, int]:
    """Return height and width of the first stream's frame, after which crops are placed; the others must be alike.

    Args:
        readers: reader of each stream.

    Raises:
        InputError: If two frames differ in their aspect ratio, or their readers in the crop mode.
    """
    (first, reader), *others = readers.items()
    height, width = reader.frame_size
    for name, other in others:
        other_height, other_width = other.frame_size
        if abs(other_width * height / (other_height * width) - 1) > TOLERANCE:
            got = f"{height} × {width} and {other_height} × {other_width}"
            fail(f"frame sizes of '{first}' and '{name}'", "have one aspect ratio under one crop", got)
        if other.crop_mode != reader.crop_mode:
            got = f"'{reader.crop_mode}' and '{other.crop_mode}'"
            fail(f"crop modes of '{first}' and '{name}'", "be the same under one crop", got)
    return reader.frame_size

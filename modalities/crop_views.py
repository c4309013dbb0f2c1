"""Crops of a frame at test: the spatial half of the views over which predictions are averaged."""

from __future__ import annotations

from collections.abc import Callable

from triad.modalities.augmentation import SpatialAugmentation, largest_box
from triad.modalities.checks import check_choice, fail
from triad.modalities.registry import TRANSFORMS

Margin = tuple[int, int]
"""Pixels by which a frame is wider and higher than a crop."""


def _centre(margin: Margin) -> list[tuple[int, int]]:
    return [(round(margin[0] / 2), round(margin[1] / 2))]


def _three(margin: Margin) -> list[tuple[int, int]]:
    x, y = _centre(margin)[0]
    if margin[0] >= margin[1]:
        return [(x, y), (0, y), (margin[0], y)]
    return [(x, y), (x, 0), (x, margin[1])]


def _five(margin: Margin) -> list[tuple[int, int]]:
    return [*_centre(margin), (0, 0), (margin[0], 0), (0, margin[1]), margin]


CROPS: dict[str, Callable[[Margin], list[tuple[int, int]]]] = {"centre": _centre, "three": _three, "ten": _five}
"""Top left corners ``(x, y)`` of the crops in pixels, the centre first. ``three`` lie along the longer side; ``ten``
are the four corners and the centre, and their mirror images."""


@TRANSFORMS.register_module()
class CropViews:
    """Crops of each temporal clip of a test, as the CenterCrop, ThreeCrop and TenCrop of mmaction2.

    Their edges are rounded to whole pixels as torchvision's ``center_crop`` rounds them.

    Args:
        crops: crops of the frame, see ``CROPS``: ``centre``, ``three`` or ``ten``.
        aspect: width divided by height of a crop in pixels, that of the network's input, which is then not squeezed.
        crop_pct: side of a crop divided by that of the largest in the frame, in (0, 1]; 0.875 is 224 of 256.

    Raises:
        InputError: for unknown crops or a value out of its range; for ten crops as high as the frame, of which some
            are equal.
    """

    def __init__(self, *, crops: str = "centre", aspect: float = 1.0, crop_pct: float = 1.0) -> None:
        self.crops = check_choice("CropViews.crops", crops, CROPS)
        if not aspect > 0:
            fail("CropViews.aspect", "be positive", aspect)
        if not 0 < crop_pct <= 1:
            fail("CropViews.crop_pct", "be in (0, 1]", crop_pct, "a crop larger than the frame would show black")
        if crops == "ten" and crop_pct == 1:
            fail("CropViews.crop_pct", "be below 1 for ten crops", crop_pct, "0.875 is usual")
        self.aspect = aspect
        self.crop_pct = crop_pct

    def __call__(self, frame_hw: tuple[int, int]) -> tuple[SpatialAugmentation, ...]:
        """Return the crops of a frame, the one in the centre first.

        Args:
            frame_hw: height and width of the frame, pixels.
        """
        frame_h, frame_w = frame_hw
        width, height = largest_box(self.aspect, frame_hw)
        crop_w = max(round(self.crop_pct * width * frame_w), 1)
        crop_h = max(round(self.crop_pct * height * frame_h), 1)
        corners = CROPS[self.crops]((frame_w - crop_w, frame_h - crop_h))
        return tuple(
            SpatialAugmentation(x / frame_w, y / frame_h, crop_w / frame_w, crop_h / frame_h, flip)
            for flip in ((False, True) if self.crops == "ten" else (False,))
            for x, y in corners
        )

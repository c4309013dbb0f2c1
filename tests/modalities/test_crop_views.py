"""Test crops: boxes by hand, those of mmaction2's and torchvision's transforms, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torchvision.transforms.functional import center_crop

from triad.modalities.checks import InputError
from triad.modalities.crop_views import CROPS, CropViews
from triad.modalities.openmmlab import import_mmaction

FRAME = (240, 320)


def boxes(views, frame_hw):
    """Return ``(left, top, width, height, flip)`` of each view in pixels of the frame."""
    height, width = frame_hw
    sides = [np.array([view.x * width, view.y * height, view.width * width, view.height * height]) for view in views]
    for side in sides:
        np.testing.assert_allclose(side, side.round(), atol=1e-9)
    return [(*side.round().astype(int).tolist(), view.flip) for side, view in zip(sides, views, strict=True)]


def test_centre_crop_keeps_the_short_side():
    assert boxes(CropViews()(FRAME), FRAME) == [(40, 0, 240, 240, False)]
    assert boxes(CropViews(crop_pct=0.875)(FRAME), FRAME) == [(55, 15, 210, 210, False)]


def test_three_crops_follow_the_longer_side():
    assert boxes(CropViews(crops="three")(FRAME), FRAME) == [
        (40, 0, 240, 240, False),
        (0, 0, 240, 240, False),
        (80, 0, 240, 240, False),
    ]
    portrait = (320, 240)
    assert boxes(CropViews(crops="three")(portrait), portrait) == [
        (0, 40, 240, 240, False),
        (0, 0, 240, 240, False),
        (0, 80, 240, 240, False),
    ]


def test_ten_crops_are_corners_and_mirrors():
    views = boxes(CropViews(crops="ten", crop_pct=0.875)(FRAME), FRAME)
    corners = [(55, 15), (0, 0), (110, 0), (0, 30), (110, 30)]
    assert views == [(x, y, 210, 210, flip) for flip in (False, True) for x, y in corners]


def test_crop_has_the_aspect_of_the_input():
    assert boxes(CropViews(aspect=2.0)(FRAME), FRAME) == [(0, 40, 320, 160, False)]
    assert boxes(CropViews(aspect=4 / 3)(FRAME), FRAME) == [(0, 0, 320, 240, False)]
    assert boxes(CropViews(aspect=0.5, crops="three")(FRAME), FRAME)[1:] == [
        (0, 0, 120, 240, False),
        (200, 0, 120, 240, False),
    ]


@pytest.mark.parametrize("name", CROPS)
def test_crops_are_those_of_mmaction(name):
    import_mmaction()
    from mmaction.datasets.transforms import CenterCrop, TenCrop, ThreeCrop

    height, width = frame_hw = (256, 340)
    size = 256 if name == "three" else 224
    transform = {"centre": CenterCrop, "three": ThreeCrop, "ten": TenCrop}[name](size)
    frame = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    crops = transform({"imgs": [frame], "img_shape": frame_hw, "modality": "RGB"})["imgs"]
    ours = []
    for x, y, w, h, flip in boxes(CropViews(crops=name, crop_pct=size / 256)(frame_hw), frame_hw):
        crop = frame[y : y + h, x : x + w]
        ours.append(crop[:, ::-1] if flip else crop)
    assert sorted(crop.tobytes() for crop in crops) == sorted(crop.tobytes() for crop in ours)


@pytest.mark.parametrize("frame_hw", [(128, 171), (128, 170), (131, 173)])
def test_odd_margins_round_as_torchvision(frame_hw):
    frame = torch.arange(frame_hw[0] * frame_hw[1]).view(1, *frame_hw)
    views = CropViews(crop_pct=112 / frame_hw[0])(frame_hw)
    ((x, y, width, height, _),) = boxes(views, frame_hw)
    assert torch.equal(frame[:, y : y + height, x : x + width], center_crop(frame, [112, 112]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"crops": "center"},
            r"CropViews.crops must be one of centre, ten, three, got 'center' \(did you mean 'centre'",
        ),
        ({"aspect": 0}, "CropViews.aspect must be positive, got 0"),
        ({"crop_pct": 1.2}, r"CropViews.crop_pct must be in \(0, 1\], got 1.2; a crop larger than the frame"),
        ({"crops": "ten"}, "CropViews.crop_pct must be below 1 for ten crops, got 1.0; 0.875 is usual"),
    ],
)
def test_unfit_crops_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        CropViews(**options)

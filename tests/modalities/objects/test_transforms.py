from __future__ import annotations

import torch

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.objects.transforms import ObjectTransform, boxes_in_view
from triad.modalities.objects.vocabularies import MINIHOME

FRAME = (50, 100)


def object_entry(box=(20.0, 10.0, 40.0, 30.0), label: str = "book"):
    """Return a batch of one sample, one time and two objects, of which the second is absent."""
    boxes = torch.zeros(1, 1, 2, 4)
    boxes[0, 0, 0] = torch.tensor(box)
    return {
        "data": boxes,
        "labels": torch.tensor([[[MINIHOME.index(label), 0]]]),
        "scores": torch.tensor([[[0.7, 0.0]]]),
        "valid": torch.ones(1, 1, dtype=torch.bool),
        "times": torch.zeros(1, 1, dtype=torch.float64),
    }


def channels_of(entry, view=None) -> torch.Tensor:
    return ObjectTransform(vocabulary="minihome", frame_size=FRAME)(entry, view)[0][0, :, 0]


def test_channels_by_hand():
    channels = channels_of(object_entry())
    expected = [float(name == "book") for name in MINIHOME] + [-0.4, -0.2, 0.2, 0.4, 0.7]
    torch.testing.assert_close(channels[:, 0], torch.tensor(expected))
    assert not channels[:, 1].any()


def test_mirror_moves_the_box():
    channels = channels_of(object_entry(), SpatialAugmentation(flip=True))
    torch.testing.assert_close(channels[8:12, 0], torch.tensor([0.4, -0.2, 0.2, 0.4]))


def test_batch_view_and_fixed_view_agree():
    view = SpatialAugmentation(x=0.1, y=0.2, width=0.7, height=0.5, flip=True)
    batch_view = {name: torch.tensor([float(value)]) for name, value in vars(view).items()}
    boxes = object_entry()["data"]
    torch.testing.assert_close(boxes_in_view(boxes, view, FRAME), boxes_in_view(boxes, batch_view, FRAME))


def test_object_outside_the_crop_is_absent():
    assert not channels_of(object_entry(), SpatialAugmentation(x=0.5, width=0.5)).any()


def test_invalid_times_have_no_objects():
    assert not channels_of({**object_entry(), "valid": torch.zeros(1, 1, dtype=torch.bool)}).any()

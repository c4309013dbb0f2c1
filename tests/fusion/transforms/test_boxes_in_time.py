from __future__ import annotations

import torch

from triad.fusion.transforms.boxes_in_time import box_around, crop_boxes, fit_aspect, keep_inside, smooth_path
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.warp import warp


def test_path_bridges_gaps():
    points = torch.tensor([[[0.0, 0.0], [9.0, 9.0], [4.0, 8.0]]])
    visible = torch.tensor([[True, False, True]])
    times = torch.tensor([[0.0, 1.0, 2.0]])
    path, is_found = smooth_path(points, visible, times, torch.tensor([[0.0, 1.0, 2.0, 50.0]]), 0.1)
    assert is_found.tolist() == [True]
    torch.testing.assert_close(path, torch.tensor([[[0.0, 0.0], [2.0, 4.0], [4.0, 8.0], [4.0, 8.0]]]))


def test_path_of_nothing_is_zero():
    path, is_found = smooth_path(torch.rand(1, 2, 2), torch.zeros(1, 2, dtype=torch.bool), *torch.zeros(2, 1, 2), 0.1)
    assert is_found.tolist() == [False]
    assert not path.any()


def test_box_around_by_hand():
    points = torch.tensor([[[1.0, 2.0], [5.0, 4.0], [90.0, 90.0]]])
    center, size, is_found = box_around(points, torch.tensor([[True, True, False]]))
    assert center.tolist() == [[3, 3]]
    assert size.tolist() == [[4, 2]]
    assert is_found.tolist() == [True]


def test_aspect_widens_a_box():
    assert fit_aspect(torch.tensor([[30.0, 30.0], [80.0, 30.0]]), (3, 4)).tolist() == [[40, 30], [80, 60]]
    assert fit_aspect(torch.zeros(2), (5, 5)).tolist() == [8, 8]


def test_boxes_stay_in_frame():
    centers = torch.tensor([[0.0, 50.0], [99.0, 50.0], [40.0, 3.0]])
    sizes = torch.tensor([[20.0, 20.0], [20.0, 20.0], [300.0, 20.0]])
    assert keep_inside(centers, sizes, torch.tensor([100.0, 80.0])).tolist() == [[10, 50], [90, 50], [50, 10]]


def test_whole_frame_is_a_plain_warp():
    data = torch.randint(0, 256, (2, 3, 12, 16, 3), dtype=torch.uint8)
    centers = torch.tensor([8.0, 6.0]).expand(2, 3, 2)
    sizes = torch.tensor([16.0, 12.0]).expand(2, 3, 2)
    batch_view = {name: torch.tensor(value) for name, value in VIEW.items()}
    for view in (None, SpatialAugmentation(x=0.1, width=0.8, flip=True), batch_view):
        torch.testing.assert_close(
            crop_boxes(data, centers, sizes, view, (6, 8)), warp(data, view, (6, 8)), atol=0.01, rtol=0
        )


VIEW = {"x": [0.1, 0.2], "y": [0.0, 0.1], "width": [0.8, 0.5], "height": [0.9, 0.6], "flip": [1.0, 0.0]}


def test_each_time_has_its_box():
    data = torch.zeros(1, 2, 8, 8, 1)
    data[0, 0, 2, 1] = 7
    data[0, 1, 5, 6] = 9
    centers = torch.tensor([[[1.5, 2.5], [6.5, 5.5]]])  # of the lit pixels
    crops = crop_boxes(data, centers, torch.full((1, 2, 2), 3.0), None, (3, 3))
    assert crops[0, 0, 0].round().tolist() == [[0, 0, 0], [0, 7, 0], [0, 0, 0]]
    assert crops[0, 0, 1].round().tolist() == [[0, 0, 0], [0, 9, 0], [0, 0, 0]]

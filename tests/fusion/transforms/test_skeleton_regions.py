from __future__ import annotations

import torch
from pose_batch import pose_entry, video_entry

from triad.fusion.transforms import PartCrop, SkeletonRegions
from triad.modalities.skeleton.body_parts import EXTREMITIES

OPTIONS = {"pose": "pose", "layout": "coco17", "frame_size": (100, 100)}


def test_rows_are_parts_and_columns_times():
    video = video_entry(times=3)
    entries = {"pose": pose_entry(times=3)}
    picture, valid = SkeletonRegions(**OPTIONS, cell=9)(video, None, entries)
    assert picture.shape == (1, 3, 1, 45, 27)
    assert valid.tolist() == [[True]]
    for row, extremity in enumerate(EXTREMITIES):
        crop, _ = PartCrop(**OPTIONS, body_part=extremity, size=(9, 9), smoothing=0.05)(video, None, entries)
        for column in range(3):
            cell = picture[:, :, 0, 9 * row : 9 * row + 9, 9 * column : 9 * column + 9]
            assert torch.equal(cell, crop[:, :, column])


def test_published_size():
    picture, _ = SkeletonRegions(**OPTIONS)(video_entry(times=5), None)
    assert picture.shape == (1, 3, 1, 225, 225)


def test_lost_body_shows_the_frame():
    video = video_entry()
    pose = pose_entry()
    lost = {**pose, "scores": torch.zeros_like(pose["scores"])}
    regions = SkeletonRegions(**OPTIONS)
    torch.testing.assert_close(regions(video, None, {"pose": lost})[0], regions(video, None)[0], atol=1e-3, rtol=0)

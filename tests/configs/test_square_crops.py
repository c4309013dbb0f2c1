"""Leaves with square inputs: nothing is squeezed at test or in training, and torchvision's own preset is met."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torchvision.models.video import R2Plus1D_18_Weights

from triad.fusion.training.config import build_config
from triad.fusion.training.loading import views_of
from triad.modalities.clips import Source
from triad.modalities.registry import TRANSFORMS
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.seeding import derive_rng
from triad.modalities.video import read_frames, write_video
from triad.modalities.warp import warp

CONFIGS = Path(__file__).parents[2] / "configs"
SQUARE = ("rgb/r2plus1d_18_jhmdb", "rgb/slowonly_jhmdb", "flow/r2plus1d_18_jhmdb", "flow/tsn_r50_jhmdb")
each_square = pytest.mark.parametrize("name", SQUARE)


def view_batch(view) -> dict[str, torch.Tensor]:
    return {name: torch.tensor([float(value)]) for name, value in vars(view).items()}


def draw_disc(size_hw: tuple[int, int]) -> np.ndarray:
    """Return a white disc in the middle of a frame, as high as half of its short side."""
    frame = np.zeros((*size_hw, 3), np.uint8)
    height, width = size_hw
    return cv2.circle(frame, (width // 2, height // 2), min(size_hw) // 4, (255, 255, 255), -1)


def shape_of(picture: torch.Tensor) -> tuple[int, int]:
    """Return height and width of what is brighter than half of white."""
    bright = picture > 127
    return int(bright.any(1).sum()), int(bright.any(0).sum())


def frame_reader(stream) -> RgbReader:
    """Return a reader of pictures on the canvas of a stream's reader."""
    reader = TRANSFORMS.build({**stream["reader"]})
    return RgbReader(frame_size=reader.frame_size, crop_mode=reader.crop_mode)


@each_square
@pytest.mark.parametrize("video_hw", [(240, 320), (360, 640), (320, 240)], ids=["4:3", "16:9", "portrait"])
def test_circle_stays_a_circle(name, video_hw):
    config = build_config(CONFIGS / f"{name}.py")
    (stream,) = config.streams.values()
    reader = frame_reader(stream)
    size = tuple(stream["transform"]["size"])
    clip = torch.from_numpy(reader.fit(draw_disc(video_hw)))[None, None]
    augmentation = TRANSFORMS.build(config.train_dataloader["dataset"]["augmentation"])
    (centre,) = views_of(config)
    training_box = augmentation(derive_rng(0), reader.frame_size)
    assert training_box.width * reader.frame_size[1] == pytest.approx(training_box.height * reader.frame_size[0])
    height, width = shape_of(warp(clip, view_batch(centre), size)[0, 0, 0])
    assert 0.5 * size[0] < height < size[0]
    assert abs(height - width) <= 2


@each_square
def test_crop_has_no_black_bars(name):
    (stream,) = build_config(CONFIGS / f"{name}.py").streams.values()
    for video_hw in ((100, 300), (300, 100)):
        assert frame_reader(stream).fit(np.full((*video_hw, 3), 255, np.uint8)).min() == 255


def test_r2plus1d_sees_what_torchvision_shows(tmp_path):
    """On a clip of 320 × 240 the preset's tensor, to one grey level in the mean (0.02 deviations) and nine at most.

    What remains: our resize averages, torchvision's interpolates, and both round to bytes.
    """
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (20, 6, 8, 3)).astype(np.uint8)
    write_video(
        tmp_path / "clip.mp4",
        [cv2.resize(frame, (320, 240), interpolation=cv2.INTER_CUBIC) for frame in coarse],
        fps=10,
    )
    config = build_config(CONFIGS / "rgb/r2plus1d_18_jhmdb.py")
    stream = config.streams.rgb
    source = Source(tmp_path / "clip.mp4", 20, fps=10.0)
    times = np.arange(16) / 10
    clip = TRANSFORMS.build({**stream["reader"]}).read(source, times, np.ones(16, bool))
    entry = {"data": torch.from_numpy(clip.data)[None], "valid": torch.from_numpy(clip.valid)[None]}
    (view,) = views_of(config)
    ours, _ = TRANSFORMS.build({**stream["transform"]})(entry, view_batch(view))
    frames = torch.from_numpy(read_frames(source.path, np.arange(16), fps=10.0)).permute(0, 3, 1, 2)
    expected = R2Plus1D_18_Weights.DEFAULT.transforms()(frames)
    assert ours[0].shape == expected.shape == (3, 16, 112, 112)
    difference = (ours[0] - expected).abs()
    assert difference.mean() < 0.02
    assert difference.max() < 0.15
    shifted = (ours[0].roll(1, -1) - expected)[..., 1:].abs()
    assert shifted.mean() > 3 * difference.mean()  # a pixel beside would be seen

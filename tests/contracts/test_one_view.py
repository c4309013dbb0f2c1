"""One view: mirrored input through a view without flip equals the input through the view with flip, in all streams."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
import torch

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import Source
from triad.modalities.collation import stack_clips
from triad.modalities.crop_views import CropViews
from triad.modalities.flow import FlowReader, FlowWriter
from triad.modalities.flow.transforms import FlowTransform
from triad.modalities.rgb import RgbReader
from triad.modalities.rgb.transforms import RgbTransform
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.transforms import CenterOnRoot, HeatmapTransform, SkeletonTransform
from triad.modalities.video import write_video

FRAME_SIZE = (24, 32)
OUTPUT_SIZE = (18, 24)
RNG = np.random.default_rng(0)


def to_batch(view: SpatialAugmentation) -> dict[str, torch.Tensor]:
    """Return a view as the batch of one sample holds it."""
    return {field.name: torch.tensor([float(getattr(view, field.name))]) for field in fields(SpatialAugmentation)}


def mirror_view(view: SpatialAugmentation) -> SpatialAugmentation:
    """Return the view without flip that gives of a mirrored frame what ``view`` gives of the frame."""
    return SpatialAugmentation(1 - view.x - view.width, view.y, view.width, view.height, flip=False)


def frame_entry(data: torch.Tensor) -> dict[str, torch.Tensor]:
    """Return a batch of one sample, all of whose times are valid."""
    return {"data": data, "valid": torch.ones(data.shape[:2], dtype=torch.bool)}


VIEWS = [SpatialAugmentation(flip=True), SpatialAugmentation(x=0.1, y=0.2, width=0.7, height=0.7, flip=True)]
TEST_CROPS = CropViews(crops="ten", crop_pct=0.75)(FRAME_SIZE)


@pytest.mark.parametrize("view", VIEWS)
def test_rgb_mirrors_with_view(view):
    frames = torch.from_numpy(RNG.integers(0, 255, (1, 3, *FRAME_SIZE, 3), dtype=np.uint8))
    transform = RgbTransform(size=OUTPUT_SIZE)
    entry, mirrored = (frame_entry(data) for data in (frames, frames.flip(3)))
    output, _ = transform(entry, to_batch(view))
    expected, _ = transform(mirrored, to_batch(mirror_view(view)))
    assert torch.allclose(output, expected, atol=1e-4)


@pytest.mark.parametrize("view", VIEWS)
def test_flow_mirrors_with_view(view):
    flow = torch.from_numpy(RNG.normal(size=(1, 3, *FRAME_SIZE, 2)).astype(np.float32))
    mirrored_flow = flow.flip(3) * torch.tensor([-1.0, 1.0])
    transform = FlowTransform(size=OUTPUT_SIZE)
    entry, mirrored = (frame_entry(data) for data in (flow, mirrored_flow))
    output, _ = transform(entry, to_batch(view))
    expected, _ = transform(mirrored, to_batch(mirror_view(view)))
    assert torch.allclose(output, expected, atol=1e-5)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("subtract_mean", [False, True])
def test_stacked_flow_mirrors_with_view(view, subtract_mean):
    flow = torch.from_numpy(RNG.normal(size=(1, 3, 4, *FRAME_SIZE, 2)).astype(np.float32))
    mirrored_flow = flow.flip(4) * torch.tensor([-1.0, 1.0])  # negates u of every field
    transform = FlowTransform(size=OUTPUT_SIZE, subtract_mean=subtract_mean)
    entry, mirrored = (frame_entry(data) for data in (flow, mirrored_flow))
    output, _ = transform(entry, to_batch(view))
    expected, _ = transform(mirrored, to_batch(mirror_view(view)))
    assert output.shape == (1, 8, 3, *OUTPUT_SIZE)
    assert torch.allclose(output, expected, atol=1e-5)


def test_resize_scales_both_flow_components():
    flow = torch.ones(1, 1, *FRAME_SIZE, 2)
    transform = FlowTransform(size=(12, 8), bound=1.0)  # half the height, a quarter of the width
    output, _ = transform(frame_entry(flow), to_batch(SpatialAugmentation()))
    assert output[0, 0, 0, 5, 4] == pytest.approx(0.25)
    assert output[0, 1, 0, 5, 4] == pytest.approx(0.5)


@pytest.mark.parametrize("view", VIEWS)
def test_pixel_joints_mirror_with_view(view):
    layout = get_layout("jhmdb15")
    joints = torch.from_numpy(RNG.uniform(4, 20, (1, 1, 3, 15, 2)).astype(np.float32))
    mirrored = joints.clone()
    mirrored[..., 0] = FRAME_SIZE[1] - 1 - mirrored[..., 0]
    mirrored = mirrored[..., list(layout.mirror_index), :]
    transform = SkeletonTransform(layout="jhmdb15", frame_size=FRAME_SIZE)
    assert_same_joints(transform, joints, mirrored, view)


@pytest.mark.parametrize("view", VIEWS)
def test_metric_joints_mirror_with_view(view):
    layout = get_layout("minihome16")
    joints = torch.from_numpy(RNG.normal(size=(1, 2, 3, 16, 3)).astype(np.float32))
    mirrored = (joints * torch.tensor([-1.0, 1, 1]))[..., list(layout.mirror_index), :]
    transform = SkeletonTransform(layout="minihome16", frame_size=FRAME_SIZE, steps=[{"type": CenterOnRoot}])
    assert_same_joints(transform, joints, mirrored, view)


def assert_same_joints(transform, joints, mirrored, view):
    persons, times = joints.shape[1:3]
    entry = {"scores": torch.ones(joints.shape[:-1]), "valid": torch.ones(1, persons, times, dtype=torch.bool)}
    output, _ = transform({"data": joints, **entry}, to_batch(view))
    expected, _ = transform({"data": mirrored, **entry}, to_batch(mirror_view(view)))
    assert torch.allclose(output, expected, atol=1e-4)


def test_colour_gains_change_rgb_only():
    frames = torch.from_numpy(RNG.integers(60, 180, (1, 2, *FRAME_SIZE, 3), dtype=np.uint8))
    transform = RgbTransform(size=FRAME_SIZE, mean=(0.0,) * 3, std=(1.0,) * 3)
    entry = frame_entry(frames)
    plain, _ = transform(entry, to_batch(SpatialAugmentation()))
    bright, _ = transform(entry, to_batch(SpatialAugmentation(brightness=1.25)))
    grey, _ = transform(entry, to_batch(SpatialAugmentation(saturation=0.0)))
    assert torch.allclose(bright, plain * 1.25, atol=1e-2)
    assert torch.allclose(grey[:, 0], grey[:, 1], atol=1e-2)
    assert not torch.allclose(plain[:, 0], plain[:, 1], atol=1.0)


@pytest.mark.parametrize("number", range(10))
def test_streams_see_the_same_crop(number):
    """A bright pixel, a moving pixel and a joint at one place land on one place of the output."""
    view = to_batch(TEST_CROPS[number])
    x, y = 17, 12  # in all ten crops
    frames = torch.zeros(1, 1, *FRAME_SIZE, 3, dtype=torch.uint8)
    flow = torch.zeros(1, 1, *FRAME_SIZE, 2)
    frames[0, 0, y, x] = 255
    flow[0, 0, y, x] = 1
    poses = {
        "data": torch.tensor([x, y], dtype=torch.float32).expand(1, 1, 1, 15, 2),
        "scores": torch.ones(1, 1, 1, 15),
        "valid": torch.ones(1, 1, 1, dtype=torch.bool),
    }
    bright, _ = RgbTransform(size=FRAME_SIZE, mean=(0.0,) * 3, std=(1.0,) * 3)(frame_entry(frames), view)
    moving, _ = FlowTransform(size=FRAME_SIZE, bound=100.0)(frame_entry(flow), view)
    joints, _ = SkeletonTransform(layout="jhmdb15", frame_size=FRAME_SIZE)(poses, view)
    drawn, _ = HeatmapTransform(layout="jhmdb15", frame_size=FRAME_SIZE, size=FRAME_SIZE, padding=None)(poses, view)
    expected = TEST_CROPS[number].matrix(FRAME_SIZE, FRAME_SIZE) @ [x, y, 1]
    np.testing.assert_allclose(joints[0, 0, :, 0, 0], expected, atol=1e-4)
    for picture in (bright[0, 0, 0], moving[0, 0, 0].abs(), drawn[0, 0, 0]):
        np.testing.assert_allclose(centre_of_mass(picture), expected, atol=0.2)


def centre_of_mass(picture: torch.Tensor) -> list[float]:
    """Return ``(x, y)`` of the mean place of a picture's values."""
    rows, columns = (torch.arange(size, dtype=picture.dtype) for size in picture.shape)
    return [
        float((picture.sum(0) * columns).sum() / picture.sum()),
        float((picture.sum(1) * rows).sum() / picture.sum()),
    ]


CROPS = [
    SpatialAugmentation(x=0.25, y=0.125, width=0.5, height=0.75),
    SpatialAugmentation(x=0.1, y=0.05, width=0.7, height=0.7, flip=True),
    SpatialAugmentation(width=0.4, flip=True),
]
TIMES = np.array([0.05, 0.25])


def read_both(reader, transform, source, view):
    """Return the network's input of a clip that was cropped on the device, and of one cropped on reading.

    The outermost pixels are left out: the device mixes what lies outside of the frame, zero, into those at its edge.
    """
    whole = reader.read(source, TIMES, np.ones(2, bool))
    cropped = reader.cropped(view, OUTPUT_SIZE).read(source, TIMES, np.ones(2, bool))
    assert cropped.cropped
    inputs = [transform(stack_clips([clip]), to_batch(view))[0] for clip in (whole, cropped)]
    return [pictures[..., 1:-1, 1:-1] for pictures in inputs]


@pytest.mark.parametrize("view", CROPS)
@pytest.mark.parametrize(("crop_mode", "width"), [("border", 128), ("center", 160)])
def test_rgb_is_cropped_on_reading_alike(view, crop_mode, width, tmp_path):
    y, x = np.mgrid[:96, :width]
    frames = [np.stack([x + step, 2 * y, np.full_like(x, 90)], -1).astype(np.uint8) for step in range(4)]
    write_video(tmp_path / "slope.mp4", frames, fps=10)
    reader = RgbReader(frame_size=FRAME_SIZE, crop_mode=crop_mode)
    transform = RgbTransform(size=OUTPUT_SIZE, mean=(0.0,) * 3, std=(1.0,) * 3)
    whole, cropped = read_both(reader, transform, Source(tmp_path / "slope.mp4", num=4, fps=10.0), view)
    distance = (whole - cropped).abs()
    assert distance[:, 0].median() < 2  # half a pixel of the frame, which is a quarter of the picture
    assert distance[:, 1].median() < 4  # the slope along y is twice as steep


@pytest.mark.parametrize("view", CROPS)
@pytest.mark.parametrize("stack", [None, 2])
def test_flow_is_cropped_on_reading_alike(view, stack, tmp_path):
    y, x = np.mgrid[:96, :128] / 32
    with FlowWriter(tmp_path / "slope.flow") as writer:
        writer.add(np.stack([np.stack([x + step, y - step], -1).astype(np.float32) for step in range(4)]))
    transform = FlowTransform(size=OUTPUT_SIZE, bound=10.0)
    source = Source(tmp_path / "slope.flow", num=4, fps=10.0)
    whole, cropped = read_both(FlowReader(frame_size=FRAME_SIZE, stack=stack), transform, source, view)
    torch.testing.assert_close(cropped, whole, atol=6e-3, rtol=0)

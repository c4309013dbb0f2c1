from pathlib import Path

import numpy as np
import pytest
import torch
from skeleton_batches import FRAME, HOME, JHMDB, random_joints, view_batch
from torch import Tensor

from triad.modalities.atomic_files import write_arrays
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import Source
from triad.modalities.skeleton import Layout, PoseReader
from triad.modalities.skeleton.transforms import apply_view_to_poses

QUARTER = np.pi / 2


def augment(
    points: Tensor, visible: Tensor, layout: Layout, *augmentations: SpatialAugmentation
) -> tuple[Tensor, Tensor]:
    """Apply one augmentation to each sample, or a single one to all."""
    views = view_batch(*(augmentations if len(augmentations) == len(points) else augmentations * len(points)))
    scores = visible.float()
    output, visible, _ = apply_view_to_poses(points, visible, scores, layout, view=views, frame_hw=FRAME)
    return output, visible


def test_mirror_of_pixels_by_hand():
    points, visible = random_joints(JHMDB)
    points[0, 0, 0, JHMDB.index("left_wrist")] = torch.tensor([10.0, 20.0])
    mirrored, _ = augment(points, visible, JHMDB, SpatialAugmentation(flip=True))
    assert mirrored[0, 0, 0, JHMDB.index("right_wrist")].tolist() == [149.0, 20.0]  # 160 columns: 0 ↔ 159


def test_crop_of_pixels_by_hand():
    """The right lower quarter of the frame, twice as large: the pixel edge (80, 60) becomes (0, 0)."""
    points, visible = random_joints(JHMDB)
    points[0, 0, 0, 0] = torch.tensor([79.5, 59.5])  # a pixel edge lies half a pixel before the next centre
    cropped, _ = augment(points, visible, JHMDB, SpatialAugmentation(x=0.5, y=0.5, width=0.5, height=0.5))
    assert cropped[0, 0, 0, 0].tolist() == [-0.5, -0.5]


def test_mirror_of_metres_by_hand():
    points, visible = random_joints(HOME)
    points[0, 0, 0, HOME.index("left_wrist")] = torch.tensor([0.25, -1.0, 2.0])
    mirrored, _ = augment(points, visible, HOME, SpatialAugmentation(flip=True))
    assert mirrored[0, 0, 0, HOME.index("right_wrist")].tolist() == [-0.25, -1.0, 2.0]


@pytest.mark.parametrize("layout", [HOME, JHMDB])
def test_mirroring_twice_changes_nothing(layout: Layout):
    points, visible = random_joints(layout)
    visible[0, 0, :, 5] = False
    points = points * visible[..., None]
    flip = SpatialAugmentation(flip=True)
    output, output_visible = augment(*augment(points, visible, layout, flip), layout, flip)
    torch.testing.assert_close(output, points, atol=1e-4, rtol=1e-5)
    assert torch.equal(output_visible, visible)


@pytest.mark.parametrize("layout", [HOME, JHMDB])
@pytest.mark.parametrize("flip", [False, True])
def test_missing_joints_stay_missing(layout: Layout, flip: bool):
    points, visible = random_joints(layout)
    missing = layout.index("left_knee")
    visible[:, :, 1, missing] = False
    points[:, :, 1, missing] = 0
    augmentation = SpatialAugmentation(x=0.1, width=0.8, height=0.8, flip=flip, rotate=0.4)
    output, output_visible = augment(points, visible, layout, augmentation)
    joint = layout.mirror_index[missing] if flip else missing
    assert (~output_visible).nonzero().tolist() == [[0, 0, 1, joint], [1, 0, 1, joint]]
    assert not output[~output_visible].any()
    assert output[output_visible].all()


@pytest.mark.parametrize(
    ("augmentation", "expected"),
    [
        (SpatialAugmentation(rotate=QUARTER), [1, 2, -1]),  # right becomes front
        (SpatialAugmentation(tilt=QUARTER), [1, -1, 2]),  # below becomes behind, behind becomes above
        (SpatialAugmentation(roll=QUARTER), [-2, 1, 1]),  # right becomes below
        (SpatialAugmentation(scale=1.5), [1.5, 3, 1.5]),
        (SpatialAugmentation(rotate=QUARTER, tilt=QUARTER, roll=QUARTER), [-1, 1, 2]),  # in this order
    ],
)
def test_rotation_and_scale_by_hand(augmentation: SpatialAugmentation, expected: list[float]):
    points, visible = random_joints(HOME, batch=1)
    points[0, 0, 0, HOME.root] = torch.tensor([5.0, 5.0, 5.0])
    points[0, 0, 0, 6] = torch.tensor([6.0, 7.0, 6.0])  # (1, 2, 1) from the root
    output = augment(points, visible, HOME, augmentation)[0][0, 0, 0]
    torch.testing.assert_close(output[6] - output[HOME.root], torch.tensor(expected).float(), atol=1e-5, rtol=0)
    torch.testing.assert_close(output[HOME.root], torch.tensor([5.0, 5.0, 5.0]))


@pytest.mark.parametrize(
    ("augmentation", "expected"),
    [
        (SpatialAugmentation(rotate=np.pi / 3), [50, 90]),  # half as wide
        (SpatialAugmentation(tilt=np.pi / 3), [60, 60]),  # half as high
        (SpatialAugmentation(roll=QUARTER), [-20, 50]),
    ],
)
def test_rotation_without_depth_by_hand(augmentation: SpatialAugmentation, expected: list[float]):
    points, visible = random_joints(JHMDB, batch=1)
    points[0, 0, 0, JHMDB.root] = torch.tensor([40.0, 30.0])
    points[0, 0, 0, 5] = torch.tensor([60.0, 90.0])
    output, _ = augment(points, visible, JHMDB, augmentation)
    assert output[0, 0, 0, 5].tolist() == pytest.approx(expected)
    assert output[0, 0, 0, JHMDB.root].tolist() == pytest.approx([40, 30])


def test_rotation_about_the_vertical_keeps_heights():
    points, visible = random_joints(HOME, persons=2)
    rotated, _ = augment(points, visible, HOME, SpatialAugmentation(rotate=0.7))
    torch.testing.assert_close(rotated[..., 1], points[..., 1])


def test_scale_multiplies_distances():
    points, visible = random_joints(HOME, batch=1, persons=2)
    distances = torch.pdist(points.flatten(0, 3))
    for scale in (1.0, 1.25):
        output, _ = augment(points, visible, HOME, SpatialAugmentation(rotate=0.3, tilt=-0.8, roll=2.0, scale=scale))
        torch.testing.assert_close(torch.pdist(output.flatten(0, 3)), scale * distances, atol=1e-4, rtol=1e-4)


def test_each_sample_has_its_augmentation():
    points, visible = random_joints(HOME)
    second = SpatialAugmentation(flip=True, tilt=0.5, roll=0.2, scale=0.8, noise=0.1, noise_seed=7)
    output, _ = augment(points, visible, HOME, SpatialAugmentation(), second)
    torch.testing.assert_close(output[0], points[0])
    assert torch.equal(output[1], augment(points[1:], visible[1:], HOME, second)[0][0])


def test_absent_fields_change_nothing():
    points, visible = random_joints(HOME)
    scores = visible.float()
    view = view_batch(SpatialAugmentation(rotate=1.0), SpatialAugmentation(rotate=1.0, flip=True))
    names = ("x", "y", "width", "height", "flip", "rotate")
    expected, *_ = apply_view_to_poses(points, visible, scores, HOME, view=view, frame_hw=FRAME)
    few = {name: view[name] for name in names}
    output, *_ = apply_view_to_poses(points, visible, scores, HOME, view=few, frame_hw=FRAME)
    torch.testing.assert_close(output, expected)


def test_mirror_swaps_scores():
    points, visible = random_joints(HOME, batch=1, times=1)
    scores = torch.arange(16.0).view(1, 1, 1, 16)
    view = view_batch(SpatialAugmentation(flip=True))
    _, _, mirrored = apply_view_to_poses(points, visible, scores, HOME, view=view, frame_hw=FRAME)
    assert mirrored.flatten().tolist() == list(HOME.mirror_index)


def test_mirrored_file_equals_mirrored_view(tmp_path: Path):
    """Frames of 50×70 do not fill the frame of the reader: the mirror must be that of the whole frame."""
    rng = np.random.default_rng(0)
    pixels = rng.uniform(0, 50, (1, 3, 15, 2)).astype(np.float32)
    mirrored = pixels[:, :, JHMDB.mirror_index, :] * [-1, 1] + [69, 0]
    times, valid, reader = np.arange(3.0), np.ones(3, bool), PoseReader(layout="jhmdb15", frame_size=FRAME)
    clips = []
    for name, keypoints in (("plain", pixels), ("mirrored", mirrored.astype(np.float32))):
        path = tmp_path / f"{name}.npz"
        write_arrays(path, keypoints=keypoints, scores=np.ones((1, 3, 15), np.float32))
        clips.append(reader.read(Source(path=path, num=3, fps=1.0, size_hw=(50, 70)), times, valid).keypoints)
    plain, from_file = (torch.from_numpy(clip)[None] for clip in clips)
    from_view, _ = augment(plain, torch.ones(plain.shape[:-1], dtype=torch.bool), JHMDB, SpatialAugmentation(flip=True))
    torch.testing.assert_close(from_view, from_file, atol=1e-3, rtol=0)

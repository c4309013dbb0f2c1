import torch
from skeleton_batches import HOME, random_joints

from triad.modalities.skeleton.transforms import CenterOnRoot


def test_shift_before_has_no_effect():
    points, visible = random_joints(persons=2)
    centered, _ = CenterOnRoot()(points, visible, HOME)
    assert not centered[:, 0, 0, HOME.root].any()
    shifted, _ = CenterOnRoot()(points + torch.tensor([5.0, -1.0, 2.0]), visible, HOME)
    torch.testing.assert_close(shifted, centered, atol=1e-5, rtol=1e-5)


def test_paths_and_relative_positions_are_kept():
    points, visible = random_joints(persons=2)
    centered, _ = CenterOnRoot()(points, visible, HOME)
    torch.testing.assert_close(centered.diff(dim=2), points.diff(dim=2))
    torch.testing.assert_close(centered.diff(dim=1), points.diff(dim=1))


def test_first_visible_root_is_the_origin():
    points, visible = random_joints(persons=2)
    visible[0, :, 0, HOME.root] = False
    visible[0, 0, 1, HOME.root] = False
    centered, _ = CenterOnRoot()(points, visible, HOME)
    assert not centered[0, 1, 1, HOME.root].any()  # at time 1, of the second person
    assert not centered[1, 0, 0, HOME.root].any()


def test_mean_is_origin_without_root():
    points, visible = random_joints(persons=2)
    visible[1, ..., HOME.root] = False
    centered, _ = CenterOnRoot()(points, visible, HOME)
    mean = (centered[1] * visible[1][..., None]).sum((0, 1, 2))
    torch.testing.assert_close(mean, torch.zeros(3), atol=1e-3, rtol=0)

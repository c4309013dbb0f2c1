import torch
from skeleton_batches import HOME, random_joints

from triad.modalities.skeleton.transforms import ScaleByTorso


def test_median_torso_becomes_one():
    points, visible = random_joints()
    expected, _ = ScaleByTorso()(points, visible, HOME)
    (pelvis,), (neck,) = HOME.torso
    lengths = (expected[..., pelvis, :] - expected[..., neck, :]).norm(dim=-1)
    torch.testing.assert_close(lengths.flatten(1).median(1).values, torch.ones(2))
    scaled, _ = ScaleByTorso()(7 * points, visible, HOME)
    torch.testing.assert_close(scaled, expected)


def test_sample_without_torso_is_unchanged():
    points, visible = random_joints()
    visible[..., HOME.root] = False
    assert torch.equal(ScaleByTorso()(points, visible, HOME)[0], points)

import numpy as np
import pytest
import torch
from skeleton_batches import COCO
from torch import Tensor

from triad.modalities.openmmlab import import_mmaction
from triad.modalities.skeleton.transforms.heatmaps import joint_heatmaps, limb_heatmaps


def pose(*joints: tuple[float, float]) -> Tensor:
    """Return one person at one time, ``[1, 1, 1, V, 2]``."""
    return torch.tensor(joints)[None, None, None]


def test_joint_by_hand():
    maps = joint_heatmaps(pose((2.0, 1.0)), torch.full((1, 1, 1, 1), 0.5), (4, 6), sigma=1.0)
    assert maps.shape == (1, 1, 1, 4, 6)
    expected = [0.5 * np.exp(-0.5 * np.square(distance)) for distance in ([2, 1, 0, 1, 2, 3])]
    assert maps[0, 0, 0, 1].tolist() == pytest.approx(expected)
    assert maps[0, 0, 0, :, 2].tolist() == pytest.approx([0.5 * np.exp(-0.5), 0.5, 0.5 * np.exp(-0.5), expected[0]])


def test_gaussian_ends_after_three_deviations():
    joint_map = joint_heatmaps(pose((10.0, 10.0)), torch.ones(1, 1, 1, 1), (21, 21), sigma=1.0)[0, 0, 0]
    assert joint_map[10].nonzero().flatten().tolist() == list(range(7, 14))


def test_limb_by_hand():
    """From (1, 2) to (4, 2): full height between the ends, falling to the sides and beyond the ends."""
    limb_map = limb_heatmaps(pose((1.0, 2.0), (4.0, 2.0)), torch.ones(1, 1, 1, 2), [(0, 1)], (5, 7), sigma=1.0)[0, 0, 0]
    one, two = np.exp(-0.5), np.exp(-2)  # at one and two pixels
    assert limb_map[2].tolist() == pytest.approx([one, 1, 1, 1, 1, one, two])
    assert limb_map[:, 3].tolist() == pytest.approx([two, one, 1, one, two])


def test_limb_has_its_lower_score():
    scores = torch.tensor([0.9, 0.4, 0.0]).view(1, 1, 1, 3)
    maps = limb_heatmaps(pose((1.0, 1.0), (4.0, 4.0), (1.0, 4.0)), scores, [(0, 1), (1, 2)], (6, 6), sigma=0.6)
    assert maps[0, 0].max().item() == pytest.approx(0.4)
    assert not maps[0, 1].any()


def test_joint_without_score_is_empty():
    scores = torch.tensor([1.0, 0.0]).view(1, 1, 1, 2)
    maps = joint_heatmaps(pose((3.0, 3.0), (2.0, 2.0)), scores, (6, 6), sigma=0.6)
    assert maps[0, 0].any()
    assert not maps[0, 1].any()


@pytest.mark.parametrize("limbs", [False, True])
def test_higher_of_two_persons_counts(limbs: bool, monkeypatch: pytest.MonkeyPatch):
    """One person after the other, and at once as in an exported graph."""
    generator = torch.Generator().manual_seed(0)
    points = 20 * torch.rand(2, 2, 3, 17, 2, generator=generator)
    scores = torch.rand(2, 2, 3, 17, generator=generator)

    def draw(persons: slice) -> Tensor:
        if limbs:
            return limb_heatmaps(points[:, persons], scores[:, persons], COCO.bones, (20, 24), sigma=0.6)
        return joint_heatmaps(points[:, persons], scores[:, persons], (20, 24), sigma=0.6)

    expected = torch.maximum(draw(slice(0, 1)), draw(slice(1, 2)))
    assert torch.equal(draw(slice(0, 2)), expected)
    monkeypatch.setattr(torch.compiler, "is_exporting", lambda: True)
    assert torch.equal(draw(slice(0, 2)), expected)


@pytest.mark.parametrize("limbs", [False, True])
@pytest.mark.parametrize("sigma", [0.6, 2.0])
def test_values_equal_mmaction2(limbs: bool, sigma: float):
    """Two persons, joints outside the map and on each other, all scores."""
    import_mmaction()
    from mmaction.datasets.transforms.pose_transforms import GeneratePoseTarget

    generator = torch.Generator().manual_seed(1)
    points = 50 * torch.rand(1, 2, 6, 17, 2, generator=generator) - 8
    points[:, :, 0, 3] = points[:, :, 0, 1] + 0.3  # a limb shorter than a pixel
    scores = torch.rand(1, 2, 6, 17, generator=generator)
    scores[:, 1, 2] = 0.0  # an absent person
    scores[:, 0, 4, 5] = 5e-5  # a joint below the smallest score
    reference = GeneratePoseTarget(sigma=sigma, with_kp=not limbs, with_limb=limbs, skeletons=COCO.bones)
    results = {"keypoint": points[0].numpy().copy(), "keypoint_score": scores[0].numpy(), "img_shape": (32, 40)}
    expected = torch.from_numpy(reference.gen_an_aug(results)).transpose(0, 1)[None]
    if limbs:
        maps = limb_heatmaps(points, scores, COCO.bones, (32, 40), sigma=sigma)
    else:
        maps = joint_heatmaps(points, scores, (32, 40), sigma=sigma)
    assert expected.amax((3, 4)).count_nonzero() > 50
    torch.testing.assert_close(maps, expected, atol=1e-5, rtol=0)

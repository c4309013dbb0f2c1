import torch
from torch import Tensor

from modalities.skeleton.layouts import get_layout
from modalities.skeleton.transforms import MirrorLeftHanded

FLORENCE = get_layout("florence15")
LEFT, RIGHT = FLORENCE.index("left_wrist"), FLORENCE.index("right_wrist")


def waving(wrist: int, times: int = 4) -> tuple[Tensor, Tensor]:
    """Somebody at x = 1 whose one wrist goes a metre outwards and back while all else stands still."""
    generator = torch.Generator().manual_seed(0)
    points = torch.rand(1, 1, 1, 15, 3, generator=generator).repeat(1, 1, times, 1, 1)
    points[..., FLORENCE.root, :] = torch.tensor([1.0, 0.0, 0.0])
    points[:, :, 1, wrist, 0] += 1.0 if wrist == LEFT else -1.0
    return points, torch.ones(points.shape[:-1], dtype=torch.bool)


def test_the_right_hand_stays_as_it_is():
    points, seen = waving(RIGHT)
    found, _ = MirrorLeftHanded()(points, seen, FLORENCE)
    assert torch.equal(found, points)


def test_the_left_hand_becomes_the_right_one_on_the_other_side_of_the_root():
    points, seen = waving(LEFT)
    seen[0, 0, 2, LEFT], points[0, 0, 2, LEFT] = False, 0.0
    found, found_seen = MirrorLeftHanded()(points, seen, FLORENCE)
    x, y, z = points[0, 0, 1, LEFT]
    torch.testing.assert_close(found[0, 0, 1, RIGHT], torch.stack([2 - x, y, z]))
    assert not found_seen[0, 0, 2, RIGHT]
    assert found_seen.sum() == seen.sum()
    assert not found[0, 0, 2, RIGHT].any()


def test_a_mirror_before_is_forgotten():
    points, seen = waving(LEFT)
    swap = list(FLORENCE.mirror_index)
    mirrored = points[..., swap, :] * torch.tensor([-1.0, 1.0, 1.0]) + torch.tensor([2.0, 0.0, 0.0])
    one, _ = MirrorLeftHanded()(points, seen, FLORENCE)
    other, _ = MirrorLeftHanded()(mirrored, seen, FLORENCE)
    torch.testing.assert_close(one, other)


def test_each_sample_of_a_batch_for_itself():
    (left, seen), (right, _) = waving(LEFT), waving(RIGHT)
    found, _ = MirrorLeftHanded()(torch.cat([left, right]), torch.cat([seen, seen]), FLORENCE)
    assert not torch.equal(found[0], left[0])
    assert torch.equal(found[1], right[0])

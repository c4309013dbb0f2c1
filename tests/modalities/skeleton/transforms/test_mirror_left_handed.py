import torch
from torch import Tensor

from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.transforms import MirrorLeftHanded

FLORENCE = get_layout("florence15")
LEFT, RIGHT = FLORENCE.index("left_wrist"), FLORENCE.index("right_wrist")


def make_waving(wrist: int, times: int = 4) -> tuple[Tensor, Tensor]:
    """Return a body at x = 1 whose one wrist moves a metre outwards and back."""
    generator = torch.Generator().manual_seed(0)
    points = torch.rand(1, 1, 1, 15, 3, generator=generator).repeat(1, 1, times, 1, 1)
    points[..., FLORENCE.root, :] = torch.tensor([1.0, 0.0, 0.0])
    points[:, :, 1, wrist, 0] += 1.0 if wrist == LEFT else -1.0
    return points, torch.ones(points.shape[:-1], dtype=torch.bool)


def test_right_hand_is_unchanged():
    points, visible = make_waving(RIGHT)
    assert torch.equal(MirrorLeftHanded()(points, visible, FLORENCE)[0], points)


def test_left_hand_is_mirrored_at_root():
    points, visible = make_waving(LEFT)
    visible[0, 0, 2, LEFT] = False
    points[0, 0, 2, LEFT] = 0.0
    output, output_visible = MirrorLeftHanded()(points, visible, FLORENCE)
    x, y, z = points[0, 0, 1, LEFT]
    torch.testing.assert_close(output[0, 0, 1, RIGHT], torch.stack([2 - x, y, z]))
    assert not output_visible[0, 0, 2, RIGHT]
    assert output_visible.sum() == visible.sum()
    assert not output[0, 0, 2, RIGHT].any()


def test_mirror_before_has_no_effect():
    points, visible = make_waving(LEFT)
    swap = list(FLORENCE.mirror_index)
    mirrored = points[..., swap, :] * torch.tensor([-1.0, 1.0, 1.0]) + torch.tensor([2.0, 0.0, 0.0])
    expected, _ = MirrorLeftHanded()(points, visible, FLORENCE)
    torch.testing.assert_close(MirrorLeftHanded()(mirrored, visible, FLORENCE)[0], expected)


def test_samples_are_independent():
    (left, visible), (right, _) = make_waving(LEFT), make_waving(RIGHT)
    output, _ = MirrorLeftHanded()(torch.cat([left, right]), torch.cat([visible, visible]), FLORENCE)
    assert not torch.equal(output[0], left[0])
    assert torch.equal(output[1], right[0])

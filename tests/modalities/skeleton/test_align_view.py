import pytest
import torch
from torch import Tensor

from modalities.checks import InputError
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.transforms import AlignView
from modalities.skeleton.transforms.apply_view import turn_matrix

NTU = get_layout("ntu25")
CORNERS = [NTU.index(f"{side}_{part}") for part in ("shoulder", "hip") for side in ("left", "right")]


def clip(batch: int = 3, persons: int = 2, times: int = 6) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    points = 0.3 * torch.randn(batch, persons, times, 25, 3, generator=generator)
    body = torch.tensor([[0.2, -0.5, 0.0], [-0.2, -0.5, 0.0], [0.1, 0.0, 0.0], [-0.1, 0.0, 0.0]])
    points[..., CORNERS, :] = body + 0.02 * torch.randn(batch, persons, times, 4, 3, generator=generator)
    return points + torch.tensor([0.3, 0.1, 3.0]), torch.ones(points.shape[:-1], dtype=torch.bool)


def turned(points: Tensor, *angles: float) -> Tensor:
    return points @ turn_matrix(*(torch.tensor([angle]) for angle in angles))[0].T


def from_root(points: Tensor) -> Tensor:
    return points - points[:, :1, :1, NTU.root : NTU.root + 1]


@pytest.mark.parametrize("angles", [(0.7, 0.0, 0.0), (0.0, 0.9, 0.0), (3.0, -0.4, 1.2)])
@pytest.mark.parametrize("times", [1, 3, None])
def test_a_turn_before_is_forgotten(angles: tuple[float, float, float], times: int | None):
    points, seen = clip()
    expected, _ = AlignView(times=times)(points, seen, NTU)
    found, _ = AlignView(times=times)(turned(points, *angles), seen, NTU)
    torch.testing.assert_close(from_root(found), from_root(expected), atol=1e-4, rtol=0)
    again, _ = AlignView(times=times)(expected, seen, NTU)
    torch.testing.assert_close(again, expected, atol=1e-4, rtol=0)


def test_the_first_shoulders_lie_along_x_and_the_first_trunk_stands():
    points, seen = clip()
    aligned, _ = AlignView()(turned(points, 2.0, 0.6, -0.5), seen, NTU)
    left, right, left_hip, right_hip = aligned[:, 0, 0, CORNERS].unbind(1)
    trunk = (left_hip + right_hip - left - right) / 2
    assert trunk[:, [0, 2]].abs().max() < 1e-5
    assert (trunk[:, 1] > 0.4).all()  # y points down
    assert (left - right)[:, 2].abs().max() < 1e-5  # no depth between the shoulders
    assert ((left - right)[:, 0] > 0.3).all()  # seen from the front, the left one is to the right


def test_distances_stay_and_the_root_too():
    points, seen = clip(batch=1)
    aligned, _ = AlignView()(turned(points, 1.0, 1.0, 1.0), seen, NTU)
    before, after = points.flatten(0, 3), aligned.flatten(0, 3)
    torch.testing.assert_close(torch.pdist(after), torch.pdist(before), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(aligned[0, 0, 0, NTU.root], turned(points, 1.0, 1.0, 1.0)[0, 0, 0, NTU.root])


def test_a_mirror_may_come_before_or_after():
    def mirrored(points: Tensor) -> Tensor:
        return (points * torch.tensor([-1.0, 1.0, 1.0]))[..., list(NTU.mirror_index), :]

    points, seen = clip()
    points = turned(points, 0.5, 0.3, 0.2)
    before, _ = AlignView()(mirrored(points), seen, NTU)
    after = mirrored(AlignView()(points, seen, NTU)[0])
    torch.testing.assert_close(from_root(before), from_root(after), atol=1e-5, rtol=0)


def test_a_bent_person_stays_bent_where_only_the_vertical_counts():
    points, seen = clip()
    bent = turned(points, 0.0, 0.8, 0.0)
    expected, _ = AlignView(upright=False)(bent, seen, NTU)
    found, _ = AlignView(upright=False)(turned(bent, 1.1, 0.0, 0.0), seen, NTU)
    torch.testing.assert_close(from_root(found), from_root(expected), atol=1e-4, rtol=0)
    torch.testing.assert_close(found[..., 1], bent[..., 1])  # heights are kept


def test_it_looks_where_all_four_joints_are_seen():
    """Not at the lost first time, not at a person who comes later."""
    points, seen = clip(batch=1)
    expected, _ = AlignView()(points[:, :1, 2:3], seen[:, :1, 2:3], NTU)
    points = points.clone()
    points[:, 0, :2, CORNERS[0]], seen[:, 0, :2, CORNERS[0]] = 0.0, False
    seen[:, 1, :4] = False
    found, _ = AlignView()(points, seen, NTU)
    torch.testing.assert_close(found[:, :1, 2:3].diff(dim=3), expected.diff(dim=3), atol=1e-5, rtol=0)


def test_more_times_are_calmer():
    """What noise does to one time, it does less to the mean of many."""
    points, seen = clip(batch=200, persons=1, times=16)
    angles = []
    for times in (1, None):
        aligned, _ = AlignView(times=times)(points, seen, NTU)
        lines = (aligned[..., CORNERS[0], :] - aligned[..., CORNERS[1], :]).mean((1, 2))
        angles.append(torch.atan2(lines[:, 2], lines[:, 0]).std())
    assert angles[1] < 0.01 * angles[0]


@pytest.mark.parametrize("upright", [True, False])
def test_a_degenerate_pose_is_left_as_it_is(upright: bool):
    points, seen = clip(batch=4)
    seen[0, ..., CORNERS[3]] = False  # one hip is never seen
    points[1][..., CORNERS, :] = 1.0  # no extent at all
    points[2][..., CORNERS, :] = torch.tensor([[0.0, 1, 0], [0, 2, 0], [0, 4, 0], [0, 4, 0]])  # one vertical line
    seen[3] = False  # nobody
    aligned, shown = AlignView(upright=upright)(points, seen, NTU)
    torch.testing.assert_close(aligned, points)
    assert torch.equal(shown, seen)


def test_what_cannot_be_aligned_is_refused():
    with pytest.raises(InputError, match=r"AlignView.times must be at least 1 or None, got 0"):
        AlignView(times=0)
    points, seen = clip()
    with pytest.raises(InputError, match="AlignView's layout must have 3 dimensions, got 2 of 'jhmdb15'"):
        AlignView()(points[..., :15, :2], seen[..., :15], get_layout("jhmdb15"))

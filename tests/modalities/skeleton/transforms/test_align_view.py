import pytest
import torch
from skeleton_batches import JHMDB, mirror
from torch import Tensor

from triad.modalities.checks import InputError
from triad.modalities.prepared_view import rotation_matrix
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.transforms import AlignView

NTU = get_layout("ntu25")
CORNERS = [NTU.index(f"{side}_{joint}") for joint in ("shoulder", "hip") for side in ("left", "right")]


def make_clip(batch: int = 3, persons: int = 2, times: int = 6) -> tuple[Tensor, Tensor]:
    """Return random joints with upright shoulders and hips that face the camera, and their visibility."""
    generator = torch.Generator().manual_seed(0)
    points = 0.3 * torch.randn(batch, persons, times, 25, 3, generator=generator)
    body = torch.tensor([[0.2, -0.5, 0.0], [-0.2, -0.5, 0.0], [0.1, 0.0, 0.0], [-0.1, 0.0, 0.0]])
    points[..., CORNERS, :] = body + 0.02 * torch.randn(batch, persons, times, 4, 3, generator=generator)
    return points + torch.tensor([0.3, 0.1, 3.0]), torch.ones(points.shape[:-1], dtype=torch.bool)


def rotate(points: Tensor, *angles: float) -> Tensor:
    return points @ rotation_matrix(*(torch.tensor([angle]) for angle in angles))[0].T


def from_root(points: Tensor) -> Tensor:
    return points - points[:, :1, :1, NTU.root : NTU.root + 1]


@pytest.mark.parametrize("angles", [(0.7, 0.0, 0.0), (0.0, 0.9, 0.0), (3.0, -0.4, 1.2)])
@pytest.mark.parametrize("times", [1, 3, None])
def test_rotation_before_has_no_effect(angles: tuple[float, float, float], times: int | None):
    points, visible = make_clip()
    expected, _ = AlignView(times=times)(points, visible, NTU)
    aligned, _ = AlignView(times=times)(rotate(points, *angles), visible, NTU)
    torch.testing.assert_close(from_root(aligned), from_root(expected), atol=1e-4, rtol=0)
    repeated, _ = AlignView(times=times)(expected, visible, NTU)
    torch.testing.assert_close(repeated, expected, atol=1e-4, rtol=0)


def test_body_faces_the_camera_upright():
    points, visible = make_clip()
    aligned, _ = AlignView()(rotate(points, 2.0, 0.6, -0.5), visible, NTU)
    left, right, left_hip, right_hip = aligned[:, 0, 0, CORNERS].unbind(1)
    trunk = (left_hip + right_hip - left - right) / 2
    assert trunk[:, [0, 2]].abs().max() < 1e-5
    assert (trunk[:, 1] > 0.4).all()  # y points down
    assert (left - right)[:, 2].abs().max() < 1e-5  # the shoulders have the same depth
    assert ((left - right)[:, 0] > 0.3).all()  # from the front, the left shoulder is to the right


def test_distances_and_root_are_kept():
    points, visible = make_clip(batch=1)
    rotated = rotate(points, 1.0, 1.0, 1.0)
    aligned, _ = AlignView()(rotated, visible, NTU)
    torch.testing.assert_close(
        torch.pdist(aligned.flatten(0, 3)), torch.pdist(points.flatten(0, 3)), atol=1e-5, rtol=1e-5
    )
    torch.testing.assert_close(aligned[0, 0, 0, NTU.root], rotated[0, 0, 0, NTU.root])


def test_mirror_commutes_with_alignment():
    points, visible = make_clip()
    points = rotate(points, 0.5, 0.3, 0.2)
    before, _ = AlignView()(mirror(points, NTU), visible, NTU)
    after = mirror(AlignView()(points, visible, NTU)[0], NTU)
    torch.testing.assert_close(from_root(before), from_root(after), atol=1e-5, rtol=0)


def test_bent_body_stays_bent_without_upright():
    points, visible = make_clip()
    bent = rotate(points, 0.0, 0.8, 0.0)
    expected, _ = AlignView(upright=False)(bent, visible, NTU)
    aligned, _ = AlignView(upright=False)(rotate(bent, 1.1, 0.0, 0.0), visible, NTU)
    torch.testing.assert_close(from_root(aligned), from_root(expected), atol=1e-4, rtol=0)
    torch.testing.assert_close(aligned[..., 1], bent[..., 1])  # heights are kept


def test_first_complete_body_is_used():
    """Neither a time without the left shoulder nor a person who comes later counts."""
    points, visible = make_clip(batch=1)
    expected, _ = AlignView()(points[:, :1, 2:3], visible[:, :1, 2:3], NTU)
    points = points.clone()
    points[:, 0, :2, CORNERS[0]] = 0.0
    visible[:, 0, :2, CORNERS[0]] = False
    visible[:, 1, :4] = False
    aligned, _ = AlignView()(points, visible, NTU)
    torch.testing.assert_close(aligned[:, :1, 2:3].diff(dim=3), expected.diff(dim=3), atol=1e-5, rtol=0)


def test_averaging_more_times_reduces_noise():
    points, visible = make_clip(batch=200, persons=1, times=16)
    spread = []
    for times in (1, None):
        aligned, _ = AlignView(times=times)(points, visible, NTU)
        lines = (aligned[..., CORNERS[0], :] - aligned[..., CORNERS[1], :]).mean((1, 2))
        spread.append(torch.atan2(lines[:, 2], lines[:, 0]).std())
    assert spread[1] < 0.01 * spread[0]


@pytest.mark.parametrize("upright", [True, False])
def test_degenerate_pose_is_unchanged(upright: bool):
    points, visible = make_clip(batch=4)
    visible[0, ..., CORNERS[3]] = False  # one hip is never visible
    points[1][..., CORNERS, :] = 1.0  # no extent at all
    points[2][..., CORNERS, :] = torch.tensor([[0.0, 1, 0], [0, 2, 0], [0, 4, 0], [0, 4, 0]])  # one vertical line
    visible[3] = False  # nobody
    aligned, aligned_visible = AlignView(upright=upright)(points, visible, NTU)
    torch.testing.assert_close(aligned, points)
    assert torch.equal(aligned_visible, visible)


def test_wrong_arguments_are_refused():
    with pytest.raises(InputError, match=r"AlignView.times must be at least 1 or None, got 0"):
        AlignView(times=0)
    points, visible = make_clip()
    with pytest.raises(InputError, match="AlignView's layout must have 3 dimensions, got 2 of 'jhmdb15'"):
        AlignView()(points[..., :15, :2], visible[..., :15], JHMDB)

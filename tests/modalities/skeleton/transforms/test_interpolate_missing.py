import torch
from skeleton_batches import JHMDB, random_joints

from triad.modalities.skeleton.transforms import InterpolateMissing


def test_interpolation_by_hand():
    points, visible = torch.zeros(1, 1, 6, 15, 2), torch.ones(1, 1, 6, 15, dtype=torch.bool)
    points[0, 0, :, 3, 0] = torch.tensor([0.0, 2.0, 0.0, 0.0, 8.0, 0.0])
    visible[0, 0, :, 3] = torch.tensor([False, True, False, False, True, False])
    visible[0, 0, :, 4] = False
    interpolated, interpolated_visible = InterpolateMissing()(points, visible, JHMDB)
    assert interpolated[0, 0, :, 3, 0].tolist() == [2.0, 2.0, 4.0, 6.0, 8.0, 8.0]
    assert interpolated_visible[..., 3].all()
    assert not interpolated_visible[..., 4].any()


def test_visible_joints_are_unchanged():
    points, visible = random_joints(JHMDB, times=9)
    visible &= torch.rand(visible.shape, generator=torch.Generator().manual_seed(0)) > 0.5
    interpolated, _ = InterpolateMissing()(points, visible, JHMDB)
    assert torch.equal(interpolated[visible], points[visible])


def test_exported_form_gives_the_same(monkeypatch):
    points, visible = random_joints(JHMDB, times=11)
    visible &= torch.rand(visible.shape, generator=torch.Generator().manual_seed(0)) > 0.5
    expected, _ = InterpolateMissing()(points, visible, JHMDB)
    monkeypatch.setattr(torch.compiler, "is_exporting", lambda: True)
    assert torch.equal(InterpolateMissing()(points, visible, JHMDB)[0], expected)

import torch
from skeleton_batches import FRAME

from triad.modalities.skeleton.transforms.person_crop import person_crop


def test_crop_by_hand():
    """40 × 20 pixels around (50, 30), a quarter larger, as square as the crop: 50 × 50 become 100 × 100."""
    points = torch.tensor([[30.0, 20.0], [70.0, 40.0], [0.0, 0.0]])[None, None, None]
    visible = torch.tensor([True, True, False]).view(1, 1, 1, 3)
    cropped = person_crop(points, visible, FRAME, (100, 100), padding=0.25)[0, 0, 0]
    # coordinates are half a pixel beyond indices: the centre (50.5, 30.5) goes to (50, 50), that is index 49.5
    assert cropped[:2].tolist() == [[9.5, 29.5], [89.5, 69.5]]


def test_position_and_size_have_no_effect():
    points = 60 * torch.rand(3, 2, 4, 15, 2, generator=torch.Generator().manual_seed(0))
    visible = torch.ones(points.shape[:-1], dtype=torch.bool)
    expected = person_crop(points, visible, FRAME, (48, 64), padding=0.1)
    cropped = person_crop(0.5 * points + 20, visible, FRAME, (48, 64), padding=0.1)
    torch.testing.assert_close(cropped, expected, atol=1e-3, rtol=0)
    assert (expected > -0.5).all()
    assert (expected < torch.tensor([63.5, 47.5])).all()


def test_small_box_keeps_the_frame():
    points = torch.tensor([[79.5, 59.5], [84.5, 64.5]])[None, None, None]
    for visible in (torch.ones(1, 1, 1, 2), torch.zeros(1, 1, 1, 2)):
        cropped = person_crop(points, visible > 0, FRAME, (60, 80), padding=0.25)
        assert cropped[0, 0, 0].tolist() == [[39.5, 29.5], [42.0, 32.0]]

import pytest
import torch

from triad.modalities.flow.networks.padding import Padding, compute_padding, crop_padding, normalize_frames


@pytest.mark.parametrize(
    ("height", "width", "padding"),
    [(120, 160, (0, 0, 4, 4)), (30, 20, (54, 54, 49, 49)), (129, 128, (0, 0, 3, 4)), (240, 320, (0, 0, 0, 0))],
)
def test_padding_by_hand(height, width, padding):
    assert compute_padding(height, width, stride=8, min_size=128) == padding


def test_normalize_frames_by_hand():
    frames = torch.tensor([[[[0, 255, 51]]]], dtype=torch.uint8)
    torch.testing.assert_close(normalize_frames(frames), torch.tensor([-1.0, 1.0, -0.6]).view(1, 3, 1, 1))


def test_crop_removes_the_padding():
    flow = torch.arange(2.0 * 5 * 6).view(1, 2, 5, 6)
    padding = Padding(left=1, right=2, top=0, bottom=1)
    padded = torch.nn.functional.pad(flow, padding)
    torch.testing.assert_close(crop_padding(padded, padding), flow)

from __future__ import annotations

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.video_encoders import ResidualFrames, SmallR2Plus1d
from triad.modalities.video_encoders.wrappers.residual_frames import residual_frames

VALID = torch.tensor([[True, True, True, False]])


def test_differences_of_neighbours():
    data = torch.tensor([1.0, 4.0, 2.0, 9.0]).view(1, 1, 4, 1, 1)
    differences, valid = residual_frames(data, VALID)
    assert differences.flatten().tolist() == [3.0, -2.0, 0.0]  # the last one holds an invalid frame
    assert valid.tolist() == [[True, True, False]]


def test_constant_added_to_a_clip_changes_nothing():
    encoder = ResidualFrames(trunk={"type": SmallR2Plus1d}).eval()
    data = torch.randn(1, 3, 4, 16, 16)
    with torch.no_grad():
        expected = encoder(data, VALID)
        output = encoder(data + 5.0, VALID)
    torch.testing.assert_close(output.map, expected.map, rtol=1e-3, atol=1e-4)
    assert output.taps["residual_frames"].shape == (1, 3, 3, 16, 16)


def test_trunk_reads_differences():
    encoder = ResidualFrames(trunk={"type": SmallR2Plus1d}).eval()
    data = torch.randn(1, 3, 4, 16, 16)
    differences, valid = residual_frames(data, VALID)
    with torch.no_grad():
        torch.testing.assert_close(encoder(data, VALID).map, encoder.trunk(differences, valid).map)


def test_single_frame_is_refused():
    with pytest.raises(InputError, match="clip of residual_frames must have at least 2 frames, got 1"):
        residual_frames(torch.zeros(1, 3, 1, 2, 2), torch.ones(1, 1, dtype=torch.bool))

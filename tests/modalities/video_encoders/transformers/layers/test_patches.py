from __future__ import annotations

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.video_encoders.transformers.layers import (
    FramePatches,
    TubeletEmbedding,
    central_frame_kernel,
    patch_grid,
)


def test_kernel_reads_central_frame_alone():
    kernel = torch.randn(4, 3, 16, 16)
    inflated = central_frame_kernel(kernel, 4)
    assert inflated.shape == (4, 3, 4, 16, 16)
    assert torch.equal(inflated[:, :, 2], kernel)
    assert not inflated[:, :, [0, 1, 3]].any()


def test_tubelet_starts_as_frame_embedding():
    torch.manual_seed(0)
    tubelets = TubeletEmbedding(in_channels=3, channels=8, size=(2, 4, 4))
    frames = FramePatches(in_channels=3, channels=8, size=4)
    with torch.no_grad():
        frames.proj.weight.copy_(tubelets.proj.weight[:, :, 1])
        frames.proj.bias.zero_()
        clip = torch.randn(1, 3, 6, 8, 12)
        expected = frames(clip)[:, 1::2]
        assert not tubelets.proj.weight[:, :, 0].any()
        torch.testing.assert_close(tubelets(clip), expected)
    assert expected.shape == (1, 3, 6, 8)


def test_tokens_of_published_clip():
    """32 frames of 224² in tubes of 2×16×16 are 16 · 14 · 14 = 3,136 tokens."""
    with torch.device("meta"):
        tokens = TubeletEmbedding(in_channels=3, channels=8, size=(2, 16, 16))(torch.empty(1, 3, 32, 224, 224))
    assert tokens.flatten(1, 2).shape == (1, 3136, 8)


def test_clip_that_does_not_divide():
    must = r"input of ViT must have T, H and W that divide by its patches of 2×16×16, got 3×32×32; change the stream's "
    with pytest.raises(InputError, match=must):
        patch_grid("ViT", torch.zeros(1, 3, 3, 32, 32), 3, (2, 16, 16))
    assert patch_grid("ViT", torch.zeros(1, 3, 4, 32, 48), 3, (2, 16, 16)) == (2, 2, 3)

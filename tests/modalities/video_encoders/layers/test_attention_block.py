"""Attention blocks together: shape, identity at the start, gradients, and the frames that each reads."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import nn

from triad.modalities.video_encoders.layers import (
    AttentionBlock,
    Cbam,
    Cgnl,
    NonLocal,
    PyramidNonLocal,
    SelfAttention3d,
    SqueezeExcitation,
)
from triad.modalities.video_encoders.layers.non_local import MODES

SCALING = {
    "se": partial(SqueezeExcitation, channels=16, reduction=4),
    "se_clip": partial(SqueezeExcitation, channels=16, reduction=4, per_frame=False),
    "cbam": partial(Cbam, channels=16, reduction=4),
    "cbam_clip": partial(Cbam, channels=16, reduction=4, per_frame=False),
}
RESIDUAL = {
    **{mode: partial(NonLocal, channels=16, mode=mode) for mode in MODES},
    "pyramid": partial(PyramidNonLocal, channels=16),
    "cgnl": partial(Cgnl, channels=16, groups=4),
    "cgnl_gaussian": partial(Cgnl, channels=16, groups=4, order=3),
    "self_attention": partial(SelfAttention3d, channels=16, heads=4),
}
BLOCKS = SCALING | RESIDUAL


def opened(block: AttentionBlock) -> AttentionBlock:
    """The block with random values where it starts at zero, and a concatenation whose ReLU is open."""
    for name, parameter in block.named_parameters():
        if name == "pair.weight":
            nn.init.uniform_(parameter)
    for parameter in block.parameters():
        if not parameter.any():
            nn.init.uniform_(parameter)
    return block.eval()


@pytest.mark.parametrize("build", BLOCKS.values(), ids=BLOCKS)
def test_shape_stays_and_all_parameters_learn(build: partial[AttentionBlock]) -> None:
    block = opened(build())
    data = torch.randn(2, 16, 3, 6, 8, requires_grad=True)
    output, weights = block(data)
    assert output.shape == data.shape
    assert all(len(values) == 2 and values.isfinite().all() for values in weights.values())
    output.square().sum().backward()
    assert data.grad is not None
    assert data.grad.any()
    assert [name for name, value in block.named_parameters() if value.grad is None] == []


@pytest.mark.parametrize("build", RESIDUAL.values(), ids=RESIDUAL)
def test_residual_blocks_start_as_identity(build: partial[AttentionBlock]) -> None:
    block = build()
    assert not block.in_branch
    data = torch.randn(2, 16, 3, 6, 8)
    torch.testing.assert_close(block(data).map, data, rtol=0, atol=0)
    assert not torch.equal(opened(block)(data).map, data)


@pytest.mark.parametrize("name", ["se", "cbam"])
def test_frames_are_weighed_apart(name: str) -> None:
    """Another last frame changes nothing before it, unless the means are taken over the clip."""
    first, second = torch.randn(2, 1, 16, 3, 6, 8)
    second[:, :, :2] = first[:, :, :2]
    apart, over_clip = (BLOCKS[key]().eval() for key in (name, f"{name}_clip"))
    torch.testing.assert_close(apart(first).map[:, :, :2], apart(second).map[:, :, :2])
    assert not torch.allclose(over_clip(first).map[:, :, :2], over_clip(second).map[:, :, :2])


@pytest.mark.parametrize("name", [*MODES, "pyramid", "cgnl", "cgnl_gaussian", "self_attention"])
def test_all_times_are_read(name: str) -> None:
    block = opened(BLOCKS[name]())
    first, second = torch.randn(2, 1, 16, 4, 6, 8)
    second[:, :, :2] = first[:, :, :2]
    assert not torch.equal(block(first).map[:, :, :2], block(second).map[:, :, :2])

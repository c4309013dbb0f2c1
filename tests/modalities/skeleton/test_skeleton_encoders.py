"""What every encoder of skeletons promises. A new encoder is one entry of ``SMALL``; without one, the suite fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import nn

from modalities.checks import InputError
from modalities.encoder import Encoder
from modalities.skeleton import encoders
from modalities.skeleton.layouts import get_layout

SMALL: dict[str, Callable[..., Encoder]] = {
    "Hyperformer": partial(
        encoders.Hyperformer, head_channels=8, heads=3, groups=6, num_stages=3, down_stages=(2,), person_norms=1
    ),
    "MsG3d": partial(encoders.MsG3d, widths=(18, 36), scales=4, window_scales=3, windows=(3,), person_norms=1),
    "Sgn": partial(encoders.Sgn, width=8, dropout=0.0),
    "ShiftGcn": partial(encoders.ShiftGcn, widths=(16, 32, 64), person_norms=1),
    "SkeletonLstm": partial(encoders.SkeletonLstm, hidden=16, persons=2),
}
TEMPORAL_STRIDE = {"Hyperformer": 2, "MsG3d": 2, "Sgn": 1, "ShiftGcn": 4}
ELSEWHERE = {"Aagcn", "CtrGcn", "StGcn", "StGcnPlusPlus", "TwoStreamAgcn"}  # whose own tests say the same
IDLE = {"SkeletonLstm": {"lstm.bias_hh_l0", "lstm.bias_hh_l1", "lstm.bias_hh_l2"}}  # the second of two added biases


def build(name: str, **changes: Any) -> Encoder:
    torch.manual_seed(0)
    return SMALL[name](**({"layout": "minihome16"} | changes))


def batch(layout: str = "minihome16", channels: int = 3, times: int = 9, persons: int = 2) -> list[torch.Tensor]:
    torch.manual_seed(1)
    data = torch.randn(4, persons, channels, times, get_layout(layout).num_joints)
    return [data, torch.ones(4, persons, times, dtype=torch.bool)]


def draw(encoder: nn.Module) -> None:
    """Parameters that start at zero block the gradient of what they multiply; after one step they do not."""
    for parameter in encoder.parameters():
        if parameter.requires_grad and not parameter.any():
            nn.init.normal_(parameter, std=0.2)


def test_every_encoder_is_tested() -> None:
    public = {name for name in encoders.__all__ if isinstance(getattr(encoders, name), type)}
    assert public == set(SMALL) | ELSEWHERE


@pytest.mark.parametrize("layout", ["minihome16", "coco17"])
@pytest.mark.parametrize("times", [1, 2, 13])
@pytest.mark.parametrize("name", SMALL)
def test_contract(name: str, times: int, layout: str) -> None:
    encoder = build(name, layout=layout, in_channels=2)
    found = encoder(*batch(layout, 2, times))
    if encoder.output_axes == "BC":
        assert found["map"].shape == (4, encoder.out_channels)
    else:
        joints = 1 if name == "Sgn" else get_layout(layout).num_joints
        assert found["map"].shape == (4, 2, encoder.out_channels, -(-times // TEMPORAL_STRIDE[name]), joints)
    if "pooled" in found:
        assert found["pooled"].shape == (4, encoder.out_channels)
    assert found["map"].isfinite().all()


@pytest.mark.parametrize("name", SMALL)
def test_every_parameter_learns(name: str) -> None:
    encoder = build(name)
    draw(encoder)
    encoder(*batch())["map"].square().mean().backward()
    silent = {key for key, parameter in encoder.named_parameters() if parameter.grad is None}
    assert silent == IDLE.get(name, set())
    still = {
        key for key, value in encoder.named_parameters() if value.grad is not None and value.grad.abs().max() < 1e-9
    }
    assert all(key.endswith("bias") for key in still)  # before a batch norm a bias cannot matter; all else does


@pytest.mark.parametrize("name", SMALL)
def test_absent_persons_touch_nothing(name: str) -> None:
    alone, together = build(name), build(name)
    (data, valid), ghost = batch(persons=1), torch.full((4, 1, 3, 9, 16), 1e3)
    one = alone(data, valid)
    two = together(torch.cat([data, ghost], 1), torch.cat([valid, torch.zeros_like(valid)], 1))
    first = two["map"] if alone.output_axes == "BC" else two["map"][:, :1]
    torch.testing.assert_close(first, one["map"])
    if "pooled" in one:
        torch.testing.assert_close(two["pooled"], one["pooled"])
    for key, value in alone.state_dict().items():
        torch.testing.assert_close(together.state_dict()[key], value, msg=key)


@pytest.mark.parametrize("name", [name for name in SMALL if name != "SkeletonLstm"])
def test_persons_in_another_order(name: str) -> None:
    data, valid = batch()
    there, back = build(name)(data, valid)["map"], build(name)(data.flip(1), valid)["map"]
    torch.testing.assert_close(back.flip(1), there, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("name", SMALL)
def test_samples_do_not_see_each_other(name: str) -> None:
    encoder = build(name).eval()
    data, valid = batch()
    whole, one = encoder(data, valid)["map"][1:2], encoder(data[1:2], valid[1:2])["map"]
    torch.testing.assert_close(whole, one, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("name", SMALL)
def test_one_frame_trains(name: str, samples: int) -> None:
    """Also in a batch of one, and with a second person whom only one sample has."""
    encoder = build(name)
    data, valid = batch(times=1)
    valid[:2, 1] = False
    encoder(data[:samples], valid[:samples])["map"].square().mean().backward()
    assert all(p.grad.isfinite().all() for p in encoder.parameters() if p.grad is not None)
    assert all(value.isfinite().all() for value in encoder.state_dict().values())


@pytest.mark.parametrize("name", SMALL)
def test_nobody_there_is_finite(name: str) -> None:
    encoder = build(name)
    found = encoder(torch.zeros(2, 2, 3, 9, 16), torch.zeros(2, 2, 9, dtype=torch.bool))
    sum(value.square().mean() for value in found.values()).backward()
    assert all(value.isfinite().all() for value in found.values())
    assert all(p.grad.isfinite().all() for p in encoder.parameters() if p.grad is not None)
    assert all(value.isfinite().all() for value in encoder.state_dict().values())


@pytest.mark.parametrize("name", SMALL)
def test_half_precision_trains(name: str) -> None:
    encoder = build(name)
    draw(encoder)
    with torch.autocast("cpu", torch.bfloat16):
        found = encoder(*batch())["map"]
    found.float().square().mean().backward()
    assert all(p.grad.isfinite().all() and p.dtype == torch.float32 for p in encoder.parameters() if p.requires_grad)


@pytest.mark.parametrize("name", SMALL)
def test_refuses(name: str) -> None:
    encoder = build(name)
    with pytest.raises(InputError, match=r"'minihome16' must have shape \[B, M, C=3, T, V=16\], got .*17\]"):
        encoder(torch.zeros(1, 1, 3, 8, 17), torch.ones(1, 1, 8, dtype=torch.bool))
    with pytest.raises(InputError, match="mask must have shape"):
        encoder(torch.zeros(1, 1, 3, 8, 16), torch.ones(1, 1, 9, dtype=torch.bool))
    with pytest.raises(InputError, match="did you mean 'minihome16'"):
        build(name, layout="minihome1")

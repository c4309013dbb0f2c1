"""Contract of every skeleton encoder. A new encoder is an entry of ``SMALL``; without one, the suite fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.encoder import Encoder
from triad.modalities.skeleton import encoders, get_layout

SMALL: dict[str, Callable[..., Encoder]] = {
    "Hyperformer": partial(
        encoders.Hyperformer, head_channels=8, heads=3, groups=6, num_stages=3, down_stages=(2,), person_norms=1
    ),
    "MsG3d": partial(encoders.MsG3d, widths=(18, 36), scales=4, window_scales=3, windows=(3,), person_norms=1),
    "Sgn": partial(encoders.Sgn, width=8, dropout=0.0),
    "ShiftGcn": partial(encoders.ShiftGcn, widths=(16, 32, 64), person_norms=1),
    "SkeletonLstm": partial(encoders.SkeletonLstm, hidden=16, persons=2),
    "StaLstm": partial(encoders.StaLstm, hidden=16, dropout=0.0),
    "VpnPose": partial(encoders.VpnPose, num_times=4, width=8, dropout=0.0, full_dropout=0.0),
}
TEMPORAL_STRIDE = {"Hyperformer": 2, "MsG3d": 2, "Sgn": 1, "ShiftGcn": 4}
GRAPH_ENCODERS = {"Aagcn", "CtrGcn", "StGcn", "StGcnPlusPlus", "TwoStreamAgcn"}  # in layers/test_graph_encoder.py
UNTRAINED = {"SkeletonLstm": {f"lstm.bias_hh_l{layer}" for layer in range(3)}}  # the second of two added biases

every_encoder = pytest.mark.parametrize("name", SMALL)


def build(name: str, **changes: Any) -> Encoder:
    torch.manual_seed(0)
    return SMALL[name](**({"layout": "minihome16"} | changes))


def make_batch(layout: str = "minihome16", channels: int = 3, times: int = 9, persons: int = 2) -> list[Tensor]:
    torch.manual_seed(1)
    data = torch.randn(4, persons, channels, times, get_layout(layout).num_joints)
    return [data, torch.ones(4, persons, times, dtype=torch.bool)]


def randomise_zeros(encoder: nn.Module) -> None:
    """Parameters that start at zero block the gradient of their factors before the first step."""
    for parameter in encoder.parameters():
        if parameter.requires_grad and not parameter.any():
            nn.init.normal_(parameter, std=0.2)


def test_every_encoder_has_a_case() -> None:
    classes = {name for name in encoders.__all__ if isinstance(getattr(encoders, name), type)}
    assert classes == set(SMALL) | GRAPH_ENCODERS | {"RawJoints"}


@pytest.mark.parametrize("layout", ["minihome16", "coco17"])
@pytest.mark.parametrize("times", [1, 2, 13])
@every_encoder
def test_map_has_the_promised_shape(name: str, times: int, layout: str) -> None:
    encoder = build(name, layout=layout, in_channels=2)
    output = encoder(*make_batch(layout, 2, times))
    if encoder.output_axes == "BC":
        assert output.map.shape == (4, encoder.out_channels)
    else:
        joints = 1 if name == "Sgn" else get_layout(layout).num_joints
        assert output.map.shape == (4, 2, encoder.out_channels, -(-times // TEMPORAL_STRIDE[name]), joints)
    if output.pooled is not None:
        assert output.pooled.shape == (4, encoder.pooled_channels)
    assert output.map.isfinite().all()


@every_encoder
def test_every_parameter_gets_a_gradient(name: str) -> None:
    encoder = build(name)
    randomise_zeros(encoder)
    encoder(*make_batch()).map.square().mean().backward()
    gradients = {key: parameter.grad for key, parameter in encoder.named_parameters()}
    assert {key for key, grad in gradients.items() if grad is None} == UNTRAINED.get(name, set())
    zero = {key for key, grad in gradients.items() if grad is not None and grad.abs().max() < 1e-9}
    assert all(key.endswith("bias") for key in zero)  # a bias before a batch norm has no effect


@every_encoder
def test_absent_person_changes_nothing(name: str) -> None:
    alone, together = build(name), build(name)
    data, valid = make_batch(persons=1)
    absent = torch.full((4, 1, 3, 9, 16), 1e3)
    expected = alone(data, valid)
    output = together(torch.cat([data, absent], 1), torch.cat([valid, torch.zeros_like(valid)], 1))
    first = output.map if alone.output_axes == "BC" else output.map[:, :1]
    torch.testing.assert_close(first, expected.map)
    if expected.pooled is not None:
        torch.testing.assert_close(output.pooled, expected.pooled)
    for key, value in alone.state_dict().items():
        torch.testing.assert_close(together.state_dict()[key], value, msg=key)


@pytest.mark.parametrize("name", [name for name in SMALL if name not in {"SkeletonLstm", "StaLstm", "VpnPose"}])
def test_order_of_persons_is_free(name: str) -> None:
    data, valid = make_batch()
    feature_map, swapped = build(name)(data, valid).map, build(name)(data.flip(1), valid).map
    torch.testing.assert_close(swapped.flip(1), feature_map, atol=1e-4, rtol=1e-4)


@every_encoder
def test_samples_are_independent(name: str) -> None:
    encoder = build(name).eval()
    data, valid = make_batch()
    in_batch, alone = encoder(data, valid).map[1:2], encoder(data[1:2], valid[1:2]).map
    torch.testing.assert_close(in_batch, alone, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("samples", [1, 3])
@every_encoder
def test_one_frame_trains(name: str, samples: int) -> None:
    """Also in a batch of one, and with a second person in one sample only."""
    encoder = build(name)
    data, valid = make_batch(times=1)
    valid[:2, 1] = False
    encoder(data[:samples], valid[:samples]).map.square().mean().backward()
    assert all(p.grad.isfinite().all() for p in encoder.parameters() if p.grad is not None)
    assert all(value.isfinite().all() for value in encoder.state_dict().values())


@every_encoder
def test_empty_clip_is_finite(name: str) -> None:
    encoder = build(name)
    output = encoder(torch.zeros(2, 2, 3, 9, 16), torch.zeros(2, 2, 9, dtype=torch.bool))
    values = [value for value in (output.map, output.pooled) if value is not None]
    sum(value.square().mean() for value in values).backward()
    assert all(value.isfinite().all() for value in values)
    assert all(p.grad.isfinite().all() for p in encoder.parameters() if p.grad is not None)
    assert all(value.isfinite().all() for value in encoder.state_dict().values())


@every_encoder
def test_half_precision_trains(name: str) -> None:
    encoder = build(name)
    randomise_zeros(encoder)
    with torch.autocast("cpu", torch.bfloat16):
        feature_map = encoder(*make_batch()).map
    feature_map.float().square().mean().backward()
    assert all(p.grad.isfinite().all() and p.dtype == torch.float32 for p in encoder.parameters() if p.requires_grad)


@every_encoder
def test_wrong_input_is_refused(name: str) -> None:
    encoder = build(name)
    with pytest.raises(InputError, match=r"'minihome16' must have shape \[B, M, C=3, T, V=16\], got .*17\]"):
        encoder(torch.zeros(1, 1, 3, 8, 17), torch.ones(1, 1, 8, dtype=torch.bool))
    with pytest.raises(InputError, match="mask must have shape"):
        encoder(torch.zeros(1, 1, 3, 8, 16), torch.ones(1, 1, 9, dtype=torch.bool))
    with pytest.raises(InputError, match="did you mean 'minihome16'"):
        build(name, layout="minihome1")

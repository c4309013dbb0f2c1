from typing import Any

import pytest
import torch
from torch import nn

from modalities.checks import InputError
from modalities.openmmlab import import_mmaction
from modalities.skeleton.encoders import StGcnPlusPlus, from_openmmlab


def small(**changes: Any) -> StGcnPlusPlus:
    return StGcnPlusPlus(**({"layout": "minihome16", "widths": (16, 32, 64)} | changes))


def reference(layout: str, in_channels: int) -> nn.Module:
    import_mmaction()
    from mmaction.models.backbones.stgcn import STGCN

    torch.manual_seed(0)
    network = STGCN(
        graph_cfg={"layout": layout, "mode": "spatial"},
        in_channels=in_channels,
        gcn_adaptive="init",
        gcn_with_res=True,
        tcn_type="mstcn",
    )
    for module in network.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):  # fresh ones would hide a mix-up
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.1)
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return network


@pytest.mark.parametrize(("layout", "channels", "published"), [("ntu25", 3, 1_403_144), ("coco17", 3, 1_393_016)])
def test_published_parameters(layout: str, channels: int, published: int) -> None:
    encoder = StGcnPlusPlus(layout=layout, in_channels=channels)
    head = nn.Linear(encoder.out_channels, 60)
    assert sum(p.numel() for module in (encoder, head) for p in module.parameters()) == published


@pytest.mark.parametrize(("theirs", "ours", "channels"), [("nturgb+d", "ntu25", 3), ("coco", "coco17", 2)])
@pytest.mark.parametrize(
    ("training", "dtype", "tolerance"),
    [(False, torch.float32, 1e-5), (True, torch.float64, 1e-9)],  # batch statistics amplify float32's rounding
)
def test_equals_mmaction2(
    theirs: str, ours: str, channels: int, training: bool, dtype: torch.dtype, tolerance: float
) -> None:
    network, encoder = reference(theirs, channels), StGcnPlusPlus(layout=ours, in_channels=channels)
    encoder.load_state_dict(from_openmmlab({f"backbone.{k}": v for k, v in network.state_dict().items()}))
    network.to(dtype).train(training)
    encoder.to(dtype).train(training)
    data = torch.randn(2, 2, 10, encoder.layout.num_joints, channels, dtype=dtype)  # [B, M, T, V, C]
    with torch.no_grad():
        expected = network(data)
        found = encoder(data.permute(0, 1, 4, 2, 3), torch.ones(2, 2, 10, dtype=torch.bool))["map"]
    assert expected.abs().max() > 0.1
    torch.testing.assert_close(found, expected, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("layout", ["minihome16", "jhmdb15", "coco17", "ntu25", "kinect20"])
@pytest.mark.parametrize("times", [1, 2, 13])
def test_contract(layout: str, times: int) -> None:
    encoder = small(layout=layout, in_channels=2)
    joints = encoder.layout.num_joints
    found = encoder(torch.randn(2, 1, 2, times, joints), torch.ones(2, 1, times, dtype=torch.bool))["map"]
    assert encoder.output_axes == "BMCTV"
    assert found.shape == (2, 1, encoder.out_channels, -(-times // encoder.stride), joints)
    assert (encoder.out_channels, encoder.stride, len(encoder.stages)) == (64, 4, 3)


def test_every_parameter_learns() -> None:
    encoder = small()
    encoder(torch.randn(4, 2, 3, 8, 16), torch.ones(4, 2, 8, dtype=torch.bool))["map"].square().mean().backward()
    assert all(parameter.grad is not None for parameter in encoder.parameters())
    # a bias before a batch norm cannot matter; everything else does
    idle = {name for name, parameter in encoder.named_parameters() if not parameter.grad.abs().max() > 1e-9}
    assert all(name.endswith("bias") for name in idle)


def test_absent_persons_touch_nothing() -> None:
    """A second person who is never there changes neither the first one's map nor any batch statistic."""
    alone, together = small(), small()
    together.load_state_dict(alone.state_dict())
    data, valid = torch.randn(3, 1, 3, 8, 16), torch.ones(3, 1, 8, dtype=torch.bool)
    ghost = torch.full_like(data, 1e3)
    one = alone(data, valid)["map"]
    two = together(torch.cat([data, ghost], 1), torch.cat([valid, torch.zeros_like(valid)], 1))["map"]
    torch.testing.assert_close(two[:, :1], one)
    assert not two[:, 1].any()
    for key, value in alone.state_dict().items():
        torch.testing.assert_close(together.state_dict()[key], value, msg=key)


def test_nobody_there_is_finite() -> None:
    encoder = small()
    found = encoder(torch.zeros(2, 2, 3, 8, 16), torch.zeros(2, 2, 8, dtype=torch.bool))["map"]
    assert found.isfinite().all()
    assert all(value.isfinite().all() for value in encoder.state_dict().values())


def test_refuses() -> None:
    with pytest.raises(InputError, match=r"'minihome16' must have shape \[B, M, C=3, T, V=16\], got .*17\]"):
        small()(torch.zeros(1, 1, 3, 8, 17), torch.ones(1, 1, 8, dtype=torch.bool))
    with pytest.raises(InputError, match="mask must have shape"):
        small()(torch.zeros(1, 1, 3, 8, 16), torch.ones(1, 1, 9, dtype=torch.bool))
    with pytest.raises(InputError, match="be at least 16"):
        small(widths=(8, 16))

"""What holds for every graph network on shared stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
import torch
from torch import nn

from modalities.checks import InputError
from modalities.skeleton.encoders import Aagcn, CtrGcn, StGcn, StGcnPlusPlus, TwoStreamAgcn
from modalities.skeleton.encoders.layers.graph_encoder import GraphEncoder
from modalities.skeleton.graph import PARTITIONS, dense_adjacency, to_data
from modalities.skeleton.layouts import get_layout

ENCODERS = (StGcn, StGcnPlusPlus, TwoStreamAgcn, Aagcn, CtrGcn)
each = pytest.mark.parametrize("make", ENCODERS)


def small(make: Callable[..., GraphEncoder], **changes: Any) -> GraphEncoder:
    return make(**({"layout": "minihome16", "widths": (16, 32, 64)} | changes))


def awake(make: Callable[..., GraphEncoder]) -> GraphEncoder:
    """Gates and attentions start at zero, norms of graph convolutions at 1e-6: nothing could be seen of them."""
    torch.manual_seed(0)
    encoder = small(make)
    for parameter in encoder.parameters():
        if parameter.abs().max() < 1e-3:
            nn.init.normal_(parameter, std=0.3)
    return encoder


def everywhere(data: torch.Tensor) -> torch.Tensor:
    return torch.ones(data.shape[0], data.shape[1], data.shape[3], dtype=torch.bool)


def parameters(modules: Iterable[nn.Module]) -> int:
    return sum(parameter.numel() for module in modules for parameter in module.parameters())


@pytest.mark.parametrize(
    ("encoder", "classes", "published"),
    [
        (lambda: StGcn(layout="ntu25_agcn"), 60, 3_098_832),
        (lambda: StGcn(layout="coco17"), 60, 3_088_704),
        (lambda: StGcnPlusPlus(layout="ntu25"), 60, 1_403_144),
        (lambda: StGcnPlusPlus(layout="coco17"), 60, 1_393_016),
        (lambda: TwoStreamAgcn(layout="ntu25_agcn"), 60, 3_469_510),
        (lambda: Aagcn(layout="ntu25_agcn"), 60, 3_781_668),
        (lambda: Aagcn(layout="ntu25", attention=False), 60, 3_469_520),
        (lambda: CtrGcn(layout="ntu25_agcn"), 60, 1_446_672),
        (lambda: CtrGcn(layout="ntu25_agcn"), 120, 1_462_092),
        (lambda: CtrGcn(layout="kinect20", person_norms=1), 10, 1_426_892),
    ],
)
def test_published_parameters(encoder: Callable[[], GraphEncoder], classes: int, published: int) -> None:
    made = encoder()
    assert (made.out_channels, len(made.blocks)) == (256, 10)
    assert parameters([made, nn.Linear(256, classes)]) == published


@each
@pytest.mark.parametrize(("layout", "channels"), [("jhmdb15", 2), ("ntu25", 3)])
@pytest.mark.parametrize("times", [1, 2, 13])
def test_contract(make: Callable[..., GraphEncoder], layout: str, channels: int, times: int) -> None:
    encoder = small(make, layout=layout, in_channels=channels)
    data = torch.randn(2, 1, channels, times, get_layout(layout).num_joints)
    found = encoder(data, everywhere(data))["map"]
    assert encoder.output_axes == "BMCTV"
    assert found.shape == (2, 1, encoder.out_channels, -(-times // 4), data.shape[-1])
    assert (encoder.in_channels, encoder.out_channels, len(encoder.blocks)) == (channels, 64, 3)
    assert found.isfinite().all()


@each
@pytest.mark.parametrize("partition", sorted(PARTITIONS))
def test_any_partition(make: Callable[..., GraphEncoder], partition: str) -> None:
    encoder = small(make, partition=partition)
    graph = dense_adjacency(to_data(get_layout("minihome16"), partition))
    for stage in encoder.blocks:
        found = [value for name, value in stage.state_dict().items() if name.endswith((".adjacency", ".graph"))]
        assert len(found) == 1
        assert torch.equal(found[0], graph)
    data = torch.randn(1, 1, 3, 4, 16)
    assert encoder(data, everywhere(data))["map"].isfinite().all()


@each
def test_every_parameter_learns(make: Callable[..., GraphEncoder]) -> None:
    encoder = awake(make)
    data = torch.randn(4, 2, 3, 8, 16)
    found = encoder(data, everywhere(data))["map"]
    (found * torch.randn_like(found)).sum().backward()
    missing = {name for name, parameter in encoder.named_parameters() if parameter.grad is None}
    assert not missing
    # a bias before a batch norm cannot matter; everything else does
    idle = {name for name, parameter in encoder.named_parameters() if not parameter.grad.abs().max() > 1e-4}
    assert all(name.endswith("bias") for name in idle), idle


@each
def test_one_frame_of_one_clip_trains(make: Callable[..., GraphEncoder]) -> None:
    encoder = small(make)
    data = torch.randn(1, 2, 3, 1, 16)
    encoder(data, torch.tensor([[[True], [False]]]))["map"].square().sum().backward()
    assert all(parameter.grad.isfinite().all() for parameter in encoder.parameters())


@each
def test_absent_persons_touch_nothing(make: Callable[..., GraphEncoder]) -> None:
    """A second person who is never there changes neither the first one's map nor any batch statistic."""
    alone, together = awake(make), awake(make)
    data = torch.randn(3, 1, 3, 8, 16)
    ghost, valid = torch.full_like(data, 1e3), everywhere(data)
    one = alone(data, valid)["map"]
    two = together(torch.cat([data, ghost], 1), torch.cat([valid, torch.zeros_like(valid)], 1))["map"]
    torch.testing.assert_close(two[:, :1], one)
    assert not two[:, 1].any()
    for key, value in alone.state_dict().items():
        torch.testing.assert_close(together.state_dict()[key], value, msg=key)


@each
def test_nobody_there_is_finite(make: Callable[..., GraphEncoder]) -> None:
    encoder = awake(make)
    data = torch.zeros(2, 2, 3, 8, 16)
    found = encoder(data, torch.zeros(2, 2, 8, dtype=torch.bool))["map"]
    found.sum().backward()
    assert found.isfinite().all()
    assert all(value.isfinite().all() for value in encoder.state_dict().values())
    assert all(parameter.grad.isfinite().all() for parameter in encoder.parameters())


@each
def test_a_sample_does_not_depend_on_its_neighbours(make: Callable[..., GraphEncoder]) -> None:
    """Graphs of a clip are its own: what is computed in a batch is what is computed alone."""
    encoder = awake(make).eval()
    data = torch.randn(3, 2, 3, 8, 16)
    torch.testing.assert_close(
        encoder(data, everywhere(data))["map"][1:2], encoder(data[1:2], everywhere(data[1:2]))["map"]
    )


@each
def test_refuses(make: Callable[..., GraphEncoder]) -> None:
    data = torch.zeros(1, 1, 3, 8, 17)
    with pytest.raises(InputError, match=r"'minihome16' must have shape \[B, M, C=3, T, V=16\], got .*17\]"):
        small(make)(data, everywhere(data))
    with pytest.raises(InputError, match=r"widths of the stages must be at least 16 each, got \[16, 8\]"):
        small(make, widths=(16, 8))
    with pytest.raises(InputError, match=r"be at least 16 each, got \[\]"):
        small(make, widths=())
    with pytest.raises(TypeError, match="'width'"):
        small(make, width=(16, 32))
    with pytest.raises(InputError, match="did you mean 'minihome16'"):
        small(make, layout="minihome")

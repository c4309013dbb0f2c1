"""Contract of the graph encoders: what every encoder built on ``GraphEncoder`` must do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.encoders import Aagcn, CtrGcn, StGcn, StGcnPlusPlus, TwoStreamAgcn
from triad.modalities.skeleton.encoders.layers import GraphEncoder, plan_stages
from triad.modalities.skeleton.graph import PARTITIONS, dense_adjacency, to_data

every_encoder = pytest.mark.parametrize("encoder_class", [StGcn, StGcnPlusPlus, TwoStreamAgcn, Aagcn, CtrGcn])
EncoderClass = Callable[..., GraphEncoder]


def build_small(encoder_class: EncoderClass, **changes: Any) -> GraphEncoder:
    return encoder_class(**({"layout": "minihome16", "widths": (16, 32, 64)} | changes))


def build_active(encoder_class: EncoderClass) -> GraphEncoder:
    """Gates and attentions start at zero, norms of graph convolutions at 1e-6, which would hide their effect."""
    torch.manual_seed(0)
    encoder = build_small(encoder_class)
    for parameter in encoder.parameters():
        if parameter.abs().max() < 1e-3:
            nn.init.normal_(parameter, std=0.3)
    return encoder


def all_valid(data: torch.Tensor) -> torch.Tensor:
    return torch.ones(data.shape[0], data.shape[1], data.shape[3], dtype=torch.bool)


def test_stages_by_hand() -> None:
    stages = plan_stages(3, (16, 32, 32), dropout=0.5)
    assert stages == [(3, 16, 1, 0.0, True), (16, 32, 2, 0.5, False), (32, 32, 1, 0.5, False)]
    assert [stage.stride for stage in plan_stages(3, (16, 32, 32), halve=(1, 3))] == [2, 1, 2]


@every_encoder
@pytest.mark.parametrize(("layout", "channels"), [("jhmdb15", 2), ("ntu25", 3)])
@pytest.mark.parametrize("times", [1, 2, 13])
def test_map_has_the_promised_shape(encoder_class: EncoderClass, layout: str, channels: int, times: int) -> None:
    encoder = build_small(encoder_class, layout=layout, in_channels=channels)
    data = torch.randn(2, 1, channels, times, get_layout(layout).num_joints)
    feature_map = encoder(data, all_valid(data)).map
    assert encoder.output_axes == "BMCTV"
    assert feature_map.shape == (2, 1, encoder.out_channels, -(-times // 4), data.shape[-1])
    assert (encoder.in_channels, encoder.out_channels, len(encoder.blocks)) == (channels, 64, 3)
    assert feature_map.isfinite().all()


@pytest.mark.parametrize("encoder_class", [StGcnPlusPlus, CtrGcn])
def test_training_compiles_without_graph_break(encoder_class: EncoderClass) -> None:
    encoder = encoder_class(layout="minihome16", widths=(16, 32))
    data = torch.randn(2, 1, 3, 4, 16)
    expected = copy.deepcopy(encoder)(data, all_valid(data)).map
    torch.compiler.reset()
    compiled = torch.compile(encoder, backend="aot_eager", fullgraph=True, dynamic=False)
    feature_map = compiled(data, all_valid(data)).map
    torch.testing.assert_close(feature_map, expected, rtol=1e-5, atol=1e-5)
    feature_map.mean().backward()
    assert all(parameter.grad is not None for parameter in encoder.parameters())


@every_encoder
@pytest.mark.parametrize("partition", sorted(PARTITIONS))
def test_every_partition_is_used(encoder_class: EncoderClass, partition: str) -> None:
    encoder = build_small(encoder_class, partition=partition)
    graph = dense_adjacency(to_data(get_layout("minihome16"), partition))
    for block in encoder.blocks:
        graphs = [value for name, value in block.state_dict().items() if name.endswith((".adjacency", ".graph"))]
        assert len(graphs) == 1
        assert torch.equal(graphs[0], graph)
    data = torch.randn(1, 1, 3, 4, 16)
    assert encoder(data, all_valid(data)).map.isfinite().all()


@every_encoder
def test_every_parameter_gets_a_gradient(encoder_class: EncoderClass) -> None:
    encoder = build_active(encoder_class)
    data = torch.randn(4, 2, 3, 8, 16)
    feature_map = encoder(data, all_valid(data)).map
    (feature_map * torch.randn_like(feature_map)).sum().backward()
    assert not [name for name, parameter in encoder.named_parameters() if parameter.grad is None]
    # a bias before a batch norm has no effect
    zero = [name for name, parameter in encoder.named_parameters() if not parameter.grad.abs().max() > 1e-4]
    assert all(name.endswith("bias") for name in zero), zero


@every_encoder
def test_one_frame_trains(encoder_class: EncoderClass) -> None:
    encoder = build_small(encoder_class)
    data = torch.randn(1, 2, 3, 1, 16)
    encoder(data, torch.tensor([[[True], [False]]])).map.square().sum().backward()
    assert all(parameter.grad.isfinite().all() for parameter in encoder.parameters())


@every_encoder
def test_absent_person_changes_nothing(encoder_class: EncoderClass) -> None:
    """Neither the other person's map nor any batch statistic depends on an absent person."""
    alone, together = build_active(encoder_class), build_active(encoder_class)
    data = torch.randn(3, 1, 3, 8, 16)
    valid = all_valid(data)
    absent = torch.full_like(data, 1e3)
    expected = alone(data, valid).map
    feature_map = together(torch.cat([data, absent], 1), torch.cat([valid, torch.zeros_like(valid)], 1)).map
    torch.testing.assert_close(feature_map[:, :1], expected)
    assert not feature_map[:, 1].any()
    for key, value in alone.state_dict().items():
        torch.testing.assert_close(together.state_dict()[key], value, msg=key)


@every_encoder
def test_empty_clip_is_finite(encoder_class: EncoderClass) -> None:
    encoder = build_active(encoder_class)
    feature_map = encoder(torch.zeros(2, 2, 3, 8, 16), torch.zeros(2, 2, 8, dtype=torch.bool)).map
    feature_map.sum().backward()
    assert feature_map.isfinite().all()
    assert all(value.isfinite().all() for value in encoder.state_dict().values())
    assert all(parameter.grad.isfinite().all() for parameter in encoder.parameters())


@every_encoder
def test_samples_are_independent(encoder_class: EncoderClass) -> None:
    """The adjacency of a clip depends on that clip alone."""
    encoder = build_active(encoder_class).eval()
    data = torch.randn(3, 2, 3, 8, 16)
    in_batch = encoder(data, all_valid(data)).map[1:2]
    torch.testing.assert_close(in_batch, encoder(data[1:2], all_valid(data[1:2])).map)


@every_encoder
def test_wrong_input_is_refused(encoder_class: EncoderClass) -> None:
    data = torch.zeros(1, 1, 3, 8, 17)
    with pytest.raises(InputError, match=r"'minihome16' must have shape \[B, M, C=3, T, V=16\], got .*17\]"):
        build_small(encoder_class)(data, all_valid(data))
    with pytest.raises(InputError, match=r"widths of the stages must be at least 16 each, got \[16, 8\]"):
        build_small(encoder_class, widths=(16, 8))
    with pytest.raises(InputError, match=r"be at least 16 each, got \[\]"):
        build_small(encoder_class, widths=())
    with pytest.raises(TypeError, match="'width'"):
        build_small(encoder_class, width=(16, 32))
    with pytest.raises(InputError, match="did you mean 'minihome16'"):
        build_small(encoder_class, layout="minihome")

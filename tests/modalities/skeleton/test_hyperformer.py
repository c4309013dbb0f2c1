from typing import Any

import pytest
import torch
from torch import nn

from modalities.checks import InputError
from modalities.skeleton.encoders import Hyperformer
from modalities.skeleton.encoders.hyperformer import HypergraphAttention
from modalities.skeleton.graph import hop_distance
from modalities.skeleton.layouts import get_layout

PUBLISHED_NTU = (0, 4, 2, 2, 2, 2, 1, 1, 2, 2, 1, 1, 2, 3, 3, 3, 2, 3, 3, 3, 1, 0, 1, 0, 1)


def small(**changes: Any) -> Hyperformer:
    torch.manual_seed(0)
    arguments = {"layout": "minihome16", "head_channels": 8, "heads": 3, "num_stages": 2, "down_stages": (2,)}
    return Hyperformer(**(arguments | changes))


def attention() -> HypergraphAttention:
    torch.manual_seed(0)
    layout = get_layout("minihome16")
    layer = HypergraphAttention(4, 6, layout=layout, parts=[0] * 7 + [1] * 9, heads=2, groups=1).eval()
    for parameter in (layer.part_weight, layer.hops, layer.relation, layer.alpha):
        nn.init.normal_(parameter)
    return layer


@pytest.mark.parametrize("parts", [None, PUBLISHED_NTU])
def test_published_parameters(parts: tuple[int, ...] | None) -> None:
    encoder = Hyperformer(layout="ntu25", parts=parts)
    head = nn.Linear(encoder.out_channels, 60)
    assert sum(p.numel() for module in (encoder, head) for p in module.parameters()) == 2_729_194


def test_attention_joint_by_joint() -> None:
    """The formula of the docstring with loops, for one skeleton."""
    layer, x = attention(), torch.randn(1, 4, 1, 16)
    joints = x[0, :, 0].T  # [V, C]
    query, key, value = layer.query_key_value(layer.norm(joints)).view(16, 3, 2, 3).unbind(1)  # [V, heads, d]
    means = [joints[:7].mean(0)] * 7 + [joints[7:].mean(0)] * 9
    part = layer.part(torch.stack(means)).view(16, 2, 3)
    hops, distance = layer.hops.view(-1, 2, 3), hop_distance(get_layout("minihome16"))
    mixed = torch.zeros(16, 2, 3)
    for head in range(2):
        score = torch.zeros(16, 16)
        for n in range(16):
            for m in range(16):
                target = key[m, head] + part[m, head] + hops[distance[n, m], head]
                score[n, m] = query[n, head] @ target + layer.part_weight[head] @ part[m, head]
        weights = layer.alpha * (score / 3**0.5).softmax(1) + layer.relation[head]
        mixed[:, head] = weights @ value[:, head]
    expected = layer.project(mixed.view(16, 6).T[None, :, None]) + layer.residual(x)
    torch.testing.assert_close(layer(x), expected, atol=1e-5, rtol=1e-5)


def test_joints_do_not_mix_at_the_start() -> None:
    encoder = small().eval()
    data, valid = torch.randn(1, 1, 3, 6, 16), torch.ones(1, 1, 6, dtype=torch.bool)
    other = data.clone()
    other[..., 5] += 1
    changed = (encoder(data, valid)["map"] != encoder(other, valid)["map"]).any(3).any(2)[0, 0]
    assert changed.nonzero().flatten().tolist() == [5]


def test_mirrored_skeleton_is_a_mirrored_map() -> None:
    """Distances and body parts are the same on both sides; only learned relations could tell left from right."""
    encoder = small().eval()
    for block in encoder.blocks:
        for parameter in (block.spatial.part_weight, block.spatial.hops, block.spatial.alpha):
            nn.init.normal_(parameter)
    data, valid = torch.randn(2, 1, 3, 6, 16), torch.ones(2, 1, 6, dtype=torch.bool)
    mirror = list(encoder.layout.mirror_index)
    found, mirrored = encoder(data, valid)["map"], encoder(data[..., mirror], valid)["map"]
    torch.testing.assert_close(mirrored, found[..., mirror], atol=1e-5, rtol=1e-4)


def test_attention_is_kept_on_request() -> None:
    encoder = small()
    data, valid = torch.randn(2, 1, 3, 6, 16), torch.ones(2, 1, 6, dtype=torch.bool)
    first = encoder.blocks[0].spatial
    encoder(data, valid)
    assert first.attention is None
    first.keep_attention = True
    encoder(data, valid)
    assert first.attention.shape == (2, 6, 3, 16, 16)
    torch.testing.assert_close(first.attention.sum(-1), torch.ones(2, 6, 3, 16))


def test_parts_of_a_layout_matter() -> None:
    """Who shares a body part changes what is heard, once attention has a say."""
    data, valid = torch.randn(1, 1, 3, 6, 16), torch.ones(1, 1, 6, dtype=torch.bool)
    found = []
    for parts in (None, [0] * 8 + [1] * 8):
        encoder = small(parts=parts).eval()
        for block in encoder.blocks:
            nn.init.ones_(block.spatial.alpha)
            nn.init.ones_(block.spatial.part_weight)
        found.append(encoder(data, valid)["map"])
    assert not torch.allclose(*found, atol=1e-4)


def test_refuses() -> None:
    with pytest.raises(InputError, match="be at least 16"):
        small(heads=1, head_channels=12)
    with pytest.raises(InputError, match="be a multiple of groups=5, got 24"):
        small(groups=5)
    with pytest.raises(InputError, match="be a multiple of 4, got 18"):
        small(head_channels=6)
    for parts in ([0] * 15, [0] * 15 + [2], [-1] * 16, []):
        with pytest.raises(InputError, match="name a part 0, 1, … for each of the 16 joints"):
            small(parts=parts)

from typing import Any

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.encoders import Hyperformer
from triad.modalities.skeleton.encoders.hyperformer import HypergraphAttention
from triad.modalities.skeleton.graph import hop_distance

PUBLISHED_NTU = (0, 4, 2, 2, 2, 2, 1, 1, 2, 2, 1, 1, 2, 3, 3, 3, 2, 3, 3, 3, 1, 0, 1, 0, 1)


def build_small(**changes: Any) -> Hyperformer:
    torch.manual_seed(0)
    arguments = {"layout": "minihome16", "head_channels": 8, "heads": 3, "num_stages": 2, "down_stages": (2,)}
    return Hyperformer(**(arguments | changes))


def build_attention() -> HypergraphAttention:
    torch.manual_seed(0)
    layout = get_layout("minihome16")
    layer = HypergraphAttention(4, 6, layout=layout, joint_parts=[0] * 7 + [1] * 9, heads=2, groups=1).eval()
    for parameter in (layer.part_weight, layer.hops, layer.relation, layer.alpha):
        nn.init.normal_(parameter)
    return layer


@pytest.mark.parametrize("joint_parts", [None, PUBLISHED_NTU])
def test_number_of_parameters_is_published(joint_parts: tuple[int, ...] | None) -> None:
    encoder = Hyperformer(layout="ntu25", joint_parts=joint_parts)
    assert count_parameters(encoder, nn.Linear(encoder.out_channels, 60)) == 2_729_194


def test_attention_joint_by_joint() -> None:
    """The formula of the docstring with loops, for one skeleton."""
    layer, x = build_attention(), torch.randn(1, 4, 1, 16)
    joints = x[0, :, 0].T  # [V, C]
    query, key, value = layer.query_key_value(layer.norm(joints)).view(16, 3, 2, 3).unbind(1)  # [V, heads, d]
    part_means = [joints[:7].mean(0)] * 7 + [joints[7:].mean(0)] * 9
    embedding = layer.part(torch.stack(part_means)).view(16, 2, 3)
    hops, distance = layer.hops.view(-1, 2, 3), hop_distance(get_layout("minihome16"))
    mixed = torch.zeros(16, 2, 3)
    for head in range(2):
        score = torch.zeros(16, 16)
        for n in range(16):
            for m in range(16):
                key_sum = key[m, head] + embedding[m, head] + hops[distance[n, m], head]
                score[n, m] = query[n, head] @ key_sum + layer.part_weight[head] @ embedding[m, head]
        weights = layer.alpha * (score / 3**0.5).softmax(1) + layer.relation[head]
        mixed[:, head] = weights @ value[:, head]
    expected = layer.project(mixed.view(16, 6).T[None, :, None]) + layer.residual(x)
    torch.testing.assert_close(layer(x), expected, atol=1e-5, rtol=1e-5)


def test_joints_do_not_mix_initially() -> None:
    encoder = build_small().eval()
    data, valid = torch.randn(1, 1, 3, 6, 16), torch.ones(1, 1, 6, dtype=torch.bool)
    changed = data.clone()
    changed[..., 5] += 1
    differs = (encoder(data, valid).map != encoder(changed, valid).map).any(3).any(2)[0, 0]
    assert differs.nonzero().flatten().tolist() == [5]


def test_mirrored_skeleton_gives_mirrored_map() -> None:
    """Distances and body parts are the same on both sides; only learned relations could tell left from right."""
    encoder = build_small().eval()
    for block in encoder.blocks:
        for parameter in (block.spatial.part_weight, block.spatial.hops, block.spatial.alpha):
            nn.init.normal_(parameter)
    data, valid = torch.randn(2, 1, 3, 6, 16), torch.ones(2, 1, 6, dtype=torch.bool)
    mirror = list(encoder.layout.mirror_index)
    feature_map, mirrored = encoder(data, valid).map, encoder(data[..., mirror], valid).map
    torch.testing.assert_close(mirrored, feature_map[..., mirror], atol=1e-5, rtol=1e-4)


def test_attention_is_stored_on_request() -> None:
    encoder = build_small()
    data, valid = torch.randn(2, 1, 3, 6, 16), torch.ones(2, 1, 6, dtype=torch.bool)
    layer = encoder.blocks[0].spatial
    encoder(data, valid)
    assert layer.attention is None
    layer.keep_attention = True
    encoder(data, valid)
    assert layer.attention.shape == (2, 6, 3, 16, 16)
    torch.testing.assert_close(layer.attention.sum(-1), torch.ones(2, 6, 3, 16))


def test_body_parts_change_the_attention() -> None:
    data, valid = torch.randn(1, 1, 3, 6, 16), torch.ones(1, 1, 6, dtype=torch.bool)
    maps = []
    for joint_parts in (None, [0] * 8 + [1] * 8):
        encoder = build_small(joint_parts=joint_parts).eval()
        for block in encoder.blocks:
            nn.init.ones_(block.spatial.alpha)
            nn.init.ones_(block.spatial.part_weight)
        maps.append(encoder(data, valid).map)
    assert not torch.allclose(*maps, atol=1e-4)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(InputError, match="be at least 16"):
        build_small(heads=1, head_channels=12)
    with pytest.raises(InputError, match="be a multiple of groups=5, got 24"):
        build_small(groups=5)
    with pytest.raises(InputError, match="be a multiple of 4, got 18"):
        build_small(head_channels=6)
    for joint_parts in ([0] * 15, [0] * 15 + [2], [-1] * 16, []):
        with pytest.raises(InputError, match="number a body part 0, 1, … for each of the 16 joints"):
            build_small(joint_parts=joint_parts)

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders.layers import NonLocal
from triad.modalities.video_encoders.layers.non_local import MODES


def build(mode: str, *, channels: int = 8, sub_sample: bool = True, use_scale: bool = False) -> NonLocal:
    torch.manual_seed(0)
    block = NonLocal(channels=channels, mode=mode, sub_sample=sub_sample, use_scale=use_scale).eval()
    for parameter in block.parameters():
        nn.init.normal_(parameter, std=0.5)
    return block


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("sub_sample", [False, True])
def test_equals_mmcv(mode: str, sub_sample: bool) -> None:
    from mmcv.cnn import NonLocal3d

    ours = build(mode, sub_sample=sub_sample)
    reference = NonLocal3d(8, mode=mode, sub_sample=sub_sample, use_scale=False, norm_cfg={"type": "BN3d"}).eval()
    state = reference.state_dict()
    for name in ("theta", "phi", "g", "out", "bn"):
        for kind, value in getattr(ours, name, nn.Identity()).state_dict().items():
            pooled = f"{name}.0.conv" if sub_sample and name in ("phi", "g") else f"{name}.conv"
            key = {"out": "conv_out.conv", "bn": "conv_out.bn"}.get(name, pooled)
            state[f"{key}.{kind}"].copy_(value)
    if mode == "concatenation":
        state["concat_project.conv.weight"].copy_(ours.pair.weight[..., None, None])
    data = torch.randn(2, 8, 3, 4, 6)
    with torch.no_grad():
        torch.testing.assert_close(ours(data).map, reference(data), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("use_scale", [False, True])
def test_embedded_gaussian_is_self_attention(use_scale: bool) -> None:
    block = build("embedded_gaussian", sub_sample=False, use_scale=use_scale)
    data = torch.randn(2, 8, 3, 4, 4)
    query, key, value = (conv(data).flatten(2).transpose(1, 2) for conv in (block.theta, block.phi, block.g))
    read = F.scaled_dot_product_attention(query, key, value, scale=0.5 if use_scale else 1.0)  # 4 channels: 1 / √4
    expected = data + block.bn(block.out(read.transpose(1, 2).unflatten(2, (3, 4, 4))))
    torch.testing.assert_close(block(data).map, expected)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("dot_product", [[0.5, 1.0], [1.0, 2.0]]),
        (
            "gaussian",
            [[1 / (1 + 2.718281828), 1 - 1 / (1 + 2.718281828)], [1 / (1 + 7.389056), 1 - 1 / (1 + 7.389056)]],
        ),
        ("embedded_gaussian", [[0.2689414, 0.7310586], [0.1192029, 0.8807971]]),
        ("concatenation", [[0.0, 0.5], [0.0, 0.0]]),
    ],
)
def test_weights_of_two_places_by_hand(mode: str, expected: list[list[float]]) -> None:
    """Positions 1 and 2, θ and φ the identity: products 1, 2, 2, 4; the pair of the concatenation is φ - θ."""
    block = NonLocal(channels=2, mode=mode, sub_sample=False)
    with torch.no_grad():
        for name in ("theta", "phi") if mode != "gaussian" else ():
            getattr(block, name).weight.copy_(torch.tensor([1.0, 0.0]).reshape(1, 2, 1, 1, 1))
        if mode == "concatenation":
            block.pair.weight.copy_(torch.tensor([[-1.0, 1.0]]))
    data = torch.tensor([[1.0, 2.0], [0.0, 0.0]]).reshape(1, 2, 2, 1, 1)
    torch.testing.assert_close(block.weights(data)[0], torch.tensor(expected))


@pytest.mark.parametrize("mode", ["gaussian", "embedded_gaussian"])
def test_read_sums_to_one(mode: str) -> None:
    read = build(mode)(torch.randn(2, 8, 3, 4, 6)).weights["read"]
    assert read.shape == (2, 3, 2, 3)
    torch.testing.assert_close(read.flatten(1).sum(1), torch.ones(2))


def test_parameters_by_hand() -> None:
    """Four layers of C · C/2, three with a bias of C/2, and a norm of 2C; the Gaussian lacks θ and φ."""
    assert count_parameters(NonLocal(channels=512)) == 2 * 512**2 + 3 * 256 + 2 * 512
    assert count_parameters(NonLocal(channels=512, mode="gaussian")) == 512**2 + 256 + 2 * 512
    assert count_parameters(NonLocal(channels=512, mode="concatenation")) == 2 * 512**2 + 3 * 256 + 2 * 512 + 512


def test_unknown_mode_is_refused() -> None:
    with pytest.raises(InputError, match=r"did you mean 'gaussian'"):
        NonLocal(channels=8, mode="gausian")


def test_order_of_positions_does_not_matter() -> None:
    def swap(data: Tensor) -> Tensor:
        return data.flip(2)

    block = build("embedded_gaussian")
    data = torch.randn(1, 8, 3, 4, 4)
    torch.testing.assert_close(block(swap(data)).map, swap(block(data).map))

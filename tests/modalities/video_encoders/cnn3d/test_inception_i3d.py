"""Inception-I3D against the published table and against an inflated GoogLeNet."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import GoogLeNet
from torchvision.models.googlenet import BasicConv2d, Inception

from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders import InceptionI3d
from triad.modalities.video_encoders.cnn3d.inception_i3d import MIXED_CHANNELS, ConvBlock, InceptionBlock
from triad.modalities.video_encoders.cnn3d.same_padding import SameMaxPool3d, same_padding

END_POINTS = {  # shape for a clip of 3×64×224², parameters, receptive field in times and in rows
    "Conv3d_1a_7x7": ((64, 32, 112, 112), 65_984, (7, 7)),
    "MaxPool3d_2a_3x3": ((64, 32, 56, 56), 0, (7, 11)),
    "Conv3d_2b_1x1": ((64, 32, 56, 56), 4_224, (7, 11)),
    "Conv3d_2c_3x3": ((192, 32, 56, 56), 332_160, (11, 19)),
    "MaxPool3d_3a_3x3": ((192, 32, 28, 28), 0, (11, 27)),
    "Mixed_3b": ((256, 32, 28, 28), 386_272, (15, 43)),
    "Mixed_3c": ((480, 32, 28, 28), 837_888, (19, 59)),
    "MaxPool3d_4a_3x3": ((480, 16, 14, 14), 0, (23, 75)),
    "Mixed_4b": ((512, 16, 14, 14), 737_760, (31, 107)),
    "Mixed_4c": ((512, 16, 14, 14), 904_464, (39, 139)),
    "Mixed_4d": ((512, 16, 14, 14), 1_103_664, (47, 171)),
    "Mixed_4e": ((528, 16, 14, 14), 1_356_672, (55, 203)),
    "Mixed_4f": ((832, 16, 14, 14), 1_799_168, (63, 235)),
    "MaxPool3d_5a_2x2": ((832, 8, 7, 7), 0, (67, 251)),
    "Mixed_5b": ((832, 8, 7, 7), 1_974_272, (83, 315)),
    "Mixed_5c": ((1024, 8, 7, 7), 2_784_736, (99, 379)),
}


def test_end_points_are_published():
    with torch.device("meta"):
        encoder = InceptionI3d()
        output = encoder(torch.empty(1, 3, 64, 224, 224), torch.empty(1, 64, dtype=torch.bool))
    measured = {
        name: (tuple(tap.shape[1:]), count_parameters(encoder.get_submodule(name))) for name, tap in output.taps.items()
    }
    assert measured == {name: row[:2] for name, row in END_POINTS.items()}
    assert output.map is output.taps["Mixed_5c"]


def test_receptive_fields_are_published():
    encoder = InceptionI3d()
    fields = [1, 1]
    jumps = [1, 1]
    for name in encoder.end_points:
        for axis, (kernel, stride) in enumerate(zip(*kernel_and_stride(encoder.get_submodule(name)), strict=True)):
            fields[axis] += (kernel - 1) * jumps[axis]
            jumps[axis] *= stride
        assert tuple(fields) == END_POINTS[name][2], name
    assert jumps == [8, 32]


def kernel_and_stride(module: nn.Module) -> tuple[tuple[int, int], tuple[int, int]]:
    """Kernel and stride of an end point in times and rows; of an Inception block those of its widest branch."""
    if isinstance(module, SameMaxPool3d):
        return module.kernel[:2], module.stride[:2]
    if isinstance(module, InceptionBlock):
        return kernel_and_stride(module.b1b)
    return module.conv3d.kernel_size[:2], module.conv3d.stride[:2]


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "expected"),
    [
        (224, 7, 2, (2, 3)),
        (63, 7, 2, (3, 3)),
        (112, 3, 2, (0, 1)),
        (7, 2, 2, (0, 1)),
        (8, 2, 2, (0, 0)),
        (5, 3, 1, (1, 1)),
    ],
)
def test_same_padding_is_tensorflows(size: int, kernel: int, stride: int, expected: tuple[int, int]):
    assert same_padding(size, kernel, stride) == expected
    assert (size + sum(expected) - kernel) // stride + 1 == -(-size // stride)


def inflate(block: ConvBlock, source: BasicConv2d) -> None:
    """Repeat a kernel over time and divide it by the number of times."""
    times = block.conv3d.kernel_size[0]
    with torch.no_grad():
        block.conv3d.weight.copy_(source.conv.weight[:, :, None].expand_as(block.conv3d.weight) / times)
    block.bn.load_state_dict(source.bn.state_dict())


def inflate_googlenet(encoder: InceptionI3d, network: GoogLeNet) -> None:
    for name, source in (("Conv3d_1a_7x7", "conv1"), ("Conv3d_2b_1x1", "conv2"), ("Conv3d_2c_3x3", "conv3")):
        inflate(encoder.get_submodule(name), network.get_submodule(source))
    sources = [module for module in network.children() if isinstance(module, Inception)]
    for name, source in zip(MIXED_CHANNELS, sources, strict=True):
        block = encoder.get_submodule(name)
        inflate(block.b0, source.branch1)
        inflate(block.b1a, source.branch2[0])
        inflate(block.b1b, source.branch2[1])
        inflate(block.b2a, source.branch3[0])
        inflate(block.b2b, source.branch3[1])
        inflate(block.b3b, source.branch4[1])


def image_features(network: GoogLeNet, image: Tensor) -> Tensor:
    names = [
        name for name, module in network.named_children() if isinstance(module, BasicConv2d | Inception | nn.MaxPool2d)
    ]
    for name in names:
        image = network.get_submodule(name)(image)
    return image


def test_constant_video_equals_inflated_googlenet():
    """Middle times alone are free of the zeros before and after the clip.

    torchvision's third branch has a 3×3 convolution, as I3D has, not the 5×5 of the paper. Its padding is even where
    "SAME" padding is not: both coincide where the input is odd and each later size even, as in 63, 32, 16, 8, 4, 2.
    """
    torch.manual_seed(0)
    network = GoogLeNet(aux_logits=False, init_weights=False).eval()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.bias, -0.5, 0.5)
            nn.init.uniform_(module.running_mean, -0.1, 0.1)
    encoder = InceptionI3d().eval()
    inflate_googlenet(encoder, network)
    image = torch.randn(1, 3, 63, 63)
    times = 112
    video = image[:, :, None].expand(-1, -1, times, -1, -1)
    with torch.no_grad():
        expected = image_features(network, image)
        features = encoder(video, torch.ones(1, times, dtype=torch.bool)).map
    middle = features[:, :, features.shape[2] // 2]
    assert expected.abs().max() > 0.1
    torch.testing.assert_close(middle, expected, rtol=1e-4, atol=1e-4)
    assert not torch.allclose(features[:, :, 0], expected, atol=1e-2)


def test_weights_load_by_name(tmp_path):
    source = InceptionI3d()
    logits = {"logits.conv3d.weight": torch.zeros(400, 1024, 1, 1, 1), "logits.conv3d.bias": torch.zeros(400)}
    torch.save(source.state_dict() | logits, tmp_path / "rgb_imagenet.pt")
    loaded = InceptionI3d(weights=tmp_path / "rgb_imagenet.pt").state_dict()
    assert "Mixed_3b.b1a.conv3d.weight" in loaded
    assert all(torch.equal(value, loaded[key]) for key, value in source.state_dict().items())

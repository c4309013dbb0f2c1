from __future__ import annotations

import pytest
import torch
from torch import nn

from triad.modalities.weights import average_input_channels, inflate_kernel, load_tensors
from triad.modalities.weights.reshaping import fit_shape, input_kernels


def build_2d() -> nn.Sequential:
    torch.manual_seed(0)
    convs = [nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.Conv2d(8, 4, 1)]
    network = nn.Sequential(convs[0], nn.BatchNorm2d(8), nn.ReLU(), convs[1], nn.MaxPool2d(2), convs[2])
    nn.init.uniform_(network[1].running_mean)
    nn.init.uniform_(network[1].running_var, 0.5, 1.5)
    return network.eval()


class Replicated(nn.Module):
    """Repeats the first and the last time, which zero padding would darken."""

    def forward(self, data: torch.Tensor) -> torch.Tensor:
        return nn.functional.pad(data, (0, 0, 0, 0, 1, 1), mode="replicate")


def build_3d(times: int = 3) -> nn.Sequential:
    """The network of :func:`build_2d` over space and time, its key names included."""
    convs = [
        nn.Conv3d(3, 8, (times, 3, 3), (1, 2, 2), (times // 2, 1, 1)),
        nn.Conv3d(8, 8, (times, 3, 3), padding=(times // 2, 1, 1), groups=8),
        nn.Conv3d(8, 4, 1),
    ]
    return nn.Sequential(convs[0], nn.BatchNorm3d(8), nn.ReLU(), convs[1], nn.MaxPool3d((1, 2, 2)), convs[2]).eval()


def test_average_input_channels_by_hand():
    kernel = torch.tensor([[1.0, 2.0, 6.0], [0.0, 3.0, 0.0]])[..., None, None, None]  # [O, I, 1, 1, 1]
    assert average_input_channels(kernel, 2).flatten(1).tolist() == [[3.0, 3.0], [1.0, 1.0]]


def test_flow_stack_gets_the_mean():
    kernel = average_input_channels(torch.tensor([[1.0, 2.0, 6.0]])[..., None, None], 20)
    assert kernel.shape == (1, 20, 1, 1)
    assert (kernel == 3).all()


def test_inflate_kernel_by_hand():
    kernel = inflate_kernel(torch.tensor([[[[6.0, 3.0]]]]), 3)
    assert kernel.shape == (1, 1, 3, 1, 2)
    assert kernel.tolist() == [[[[[2.0, 1.0]]] * 3]]


def test_constant_video_equals_frame_inside():
    """Zeros pad the time: two kernels of 3 times reach two times from either end."""
    network_2d, network_3d = build_2d(), build_3d()
    assert load_tensors(network_3d, network_2d.state_dict()).complete
    frame = torch.randn(2, 3, 16, 16)
    with torch.no_grad():
        expected = network_2d(frame)
        output = network_3d(frame[:, :, None].expand(-1, -1, 7, -1, -1))
    for time in (2, 3, 4):
        torch.testing.assert_close(output[:, :, time], expected, atol=1e-5, rtol=1e-5)
    assert (output[:, :, 0] - expected).abs().max() > 0.01


def test_constant_video_equals_frame_everywhere():
    """With temporal padding by repetition every time sees a constant video."""
    network_2d, network_3d = build_2d(), build_3d()
    assert load_tensors(network_3d, network_2d.state_dict()).complete
    for index in (0, 3):
        network_3d[index].padding = (0, 1, 1)
        network_3d[index] = nn.Sequential(Replicated(), network_3d[index])
    frame = torch.randn(2, 3, 16, 16)
    with torch.no_grad():
        expected = network_2d(frame)[:, :, None].expand(-1, -1, 5, -1, -1)
        torch.testing.assert_close(
            network_3d(frame[:, :, None].expand(-1, -1, 5, -1, -1)), expected, atol=1e-5, rtol=1e-5
        )


def test_first_layers_alone_read_the_input():
    network = nn.ModuleDict({"slow": nn.Conv3d(3, 8, 1), "fast": nn.Conv3d(3, 2, 1), "last": nn.Conv3d(8, 8, 1)})
    assert input_kernels(network) == {"slow.weight", "fast.weight"}
    assert input_kernels(nn.Linear(3, 3)) == set()
    assert input_kernels(nn.Conv2d(3, 3, 1)) == {"weight"}


@pytest.mark.parametrize(
    ("shape", "target", "reads_input", "step"),
    [
        ((4, 3, 1, 1), (4, 3, 5, 1, 1), False, "inflated over time"),
        ((4, 3, 1, 1), (4, 2, 1, 1), True, "averaged over input channels"),
        ((4, 3, 1, 1), (4, 2, 5, 1, 1), True, "inflated over time and averaged over input channels"),
        ((4, 3, 1, 1), (4, 2, 1, 1), False, None),
        ((4, 3, 1, 1), (4, 3, 5, 3, 3), False, None),
        ((4, 3), (4, 2), True, None),
    ],
)
def test_steps_lead_to_the_shape(shape: tuple[int, ...], target: tuple[int, ...], reads_input: bool, step: str | None):
    fitted = fit_shape(torch.ones(shape), target, reads_input=reads_input)
    if step is None:
        assert fitted is None
    else:
        assert (tuple(fitted[0].shape), fitted[1]) == (target, step)

import torch

from triad.modalities.flow.networks import normalize_frames, predict_flow


class FirstTwoChannels(torch.nn.Module):
    """Network whose flow is the first two channels of the first image."""

    stride = 64
    min_size = 64

    def forward(self, first, second):
        self.input_shape = first.shape
        return [first[:, :2]]


def test_frames_are_padded_and_flow_cropped():
    frames = torch.randint(0, 256, (2, 1, 70, 50, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    network = FirstTwoChannels()
    flow = predict_flow(network, frames[0], frames[1])
    assert network.input_shape == (1, 3, 128, 64)
    torch.testing.assert_close(flow, normalize_frames(frames[0])[:, :2])

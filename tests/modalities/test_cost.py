import torch
from torch import nn

from modalities.cost import TOTAL, count_macs, count_parameters


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv3d(3, 4, (1, 3, 3), padding=(0, 1, 1), bias=False)
        self.norm = nn.BatchNorm3d(4)
        self.head = nn.Linear(4, 5)

    def forward(self, data):
        return self.head(self.norm(self.conv(data)).mean((2, 3, 4)))


def test_macs_and_parameters_by_hand():
    net = Net()
    macs = count_macs(net, torch.zeros(1, 3, 2, 6, 7))
    convolution = 4 * (3 * 3 * 3) * (2 * 6 * 7)  # output channels · weights of each · positions
    assert macs["conv"] == convolution == 9072
    assert macs["head"] == 4 * 5
    assert macs[TOTAL] == convolution + 20
    assert count_parameters(net) == 4 * 27 + 2 * 4 + (4 * 5 + 5)
    assert count_parameters(net, net.conv) == count_parameters(net)  # shared parameters count once


def test_fused_attention_is_counted():
    attention = nn.MultiheadAttention(8, 2, batch_first=True)
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    tokens = torch.zeros(1, 5, 8)
    projections = 5 * 8 * 8 * 4  # query, key, value and output of 5 tokens
    assert count_macs(attention, tokens, tokens, tokens)[TOTAL] >= projections
    assert count_macs(layer, tokens)[TOTAL] >= projections + 2 * 5 * 8 * 16


def test_counting_leaves_the_network_unchanged():
    net = Net().train()
    net.norm.eval()
    net.head.requires_grad_(False)
    mean = net.norm.running_mean.clone()
    fastpath = torch.backends.mha.get_fastpath_enabled()
    count_macs(net, torch.ones(2, 3, 2, 6, 7))
    assert (net.training, net.conv.training, net.norm.training) == (True, True, False)
    assert [p.requires_grad for p in net.parameters()] == [True, True, True, False, False]
    assert torch.equal(net.norm.running_mean, mean)
    assert torch.backends.mha.get_fastpath_enabled() == fastpath


def test_lstm_macs_by_hand():
    lstm = nn.LSTM(6, 5, 2, batch_first=True)
    macs_per_time = 4 * 5 * (6 + 5) + 4 * 5 * (5 + 5)  # four gates of both layers
    assert count_macs(lstm, torch.zeros(3, 7, 6))[TOTAL] == 3 * 7 * macs_per_time

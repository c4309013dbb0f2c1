import torch
from torch import nn

from modalities.cost import WHOLE, count_macs, count_parameters


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
    counted = count_macs(net, torch.zeros(1, 3, 2, 6, 7))
    convolution = 4 * (3 * 3 * 3) * (2 * 6 * 7)  # outputs a place · weights of an output · places
    assert counted["conv"] == convolution == 9072
    assert counted["head"] == 4 * 5
    assert counted[WHOLE] == convolution + 20
    assert count_parameters(net) == 4 * 27 + 2 * 4 + (4 * 5 + 5)
    assert count_parameters(net, net.conv) == count_parameters(net)  # shared ones once


def test_attention_is_counted_although_torch_would_fuse_it():
    attention = nn.MultiheadAttention(8, 2, batch_first=True)
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    tokens = torch.zeros(1, 5, 8)
    projections = 5 * 8 * 8 * 4  # query, key, value and output of 5 tokens
    assert count_macs(attention, tokens, tokens, tokens)[WHOLE] >= projections
    assert count_macs(layer, tokens)[WHOLE] >= projections + 2 * 5 * 8 * 16


def test_the_network_is_left_as_it_was():
    net = Net().train()
    net.norm.eval()
    net.head.requires_grad_(False)
    mean = net.norm.running_mean.clone()
    fast = torch.backends.mha.get_fastpath_enabled()
    count_macs(net, torch.ones(2, 3, 2, 6, 7))
    assert (net.training, net.conv.training, net.norm.training) == (True, True, False)
    assert [p.requires_grad for p in net.parameters()] == [True, True, True, False, False]
    assert torch.equal(net.norm.running_mean, mean)
    assert torch.backends.mha.get_fastpath_enabled() == fast


def test_an_lstm_is_counted():
    lstm = nn.LSTM(6, 5, 2, batch_first=True)
    a_time = 4 * 5 * (6 + 5) + 4 * 5 * (5 + 5)  # four gates of the first and of the second layer
    assert count_macs(lstm, torch.zeros(3, 7, 6))[WHOLE] == 3 * 7 * a_time

from functools import partial

import pytest
import torch
from mmengine.registry import DefaultScope
from torch import nn
from torchvision.models import get_model_weights, swin_t, vit_b_16
from torchvision.models.video import mvit_v2_s, swin3d_t

from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.meta_device import build_on_meta
from triad.modalities.openmmlab import import_mmaction


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


def on(device, build, *inputs):
    """MACs of a network on a device."""
    module = build_on_meta(build) if device == "meta" else build()
    return count_macs(module, *(data.to(device) for data in inputs))[TOTAL]


each_device = pytest.mark.parametrize("device", ["cpu", "meta"])


@each_device
def test_fused_attention_is_counted(device):
    attention = partial(nn.MultiheadAttention, 8, 2, batch_first=True)
    layer = partial(nn.TransformerEncoderLayer, 8, 2, 16, batch_first=True)
    tokens = torch.zeros(3, 5, 8)
    projections = 5 * 8 * 8 * 4  # query, key, value and output of 5 tokens
    products = 2 * 5 * 5 * 8  # similarities of all pairs, and the weighted sums of values
    assert on(device, attention, tokens, tokens, tokens) == 3 * (projections + products)
    assert on(device, layer, tokens) == 3 * (projections + products + 2 * 5 * 8 * 16)


@each_device
def test_recurrent_macs_by_hand(device):
    frames = torch.zeros(3, 7, 6)
    for network, gates in ((nn.RNN, 1), (nn.GRU, 3), (nn.LSTM, 4)):
        layers = gates * 5 * (6 + 5) + gates * 5 * (5 + 5)  # every gate reads the input and the state
        assert on(device, partial(network, 6, 5, 2, batch_first=True), frames) == 3 * 7 * layers
    directions = 2 * 5 * (6 + 5)
    assert on(device, partial(nn.RNN, 6, 5, bidirectional=True), frames) == 3 * 7 * directions


def test_published_transformers_are_counted_whole():
    image = torch.empty(1, 3, 224, 224, device="meta")
    video = torch.empty(1, 3, 16, 224, 224, device="meta")
    for network, data in ((vit_b_16, image), (swin_t, image), (swin3d_t, video), (mvit_v2_s, video)):
        published = get_model_weights(network)["DEFAULT"].meta
        module = build_on_meta(network)
        assert count_parameters(module) == published["num_params"]
        # torchvision rounds to three digits: 17.564, 4.491, 43.882 and 64.224
        assert count_macs(module, data)[TOTAL] / 1e9 == pytest.approx(published["_ops"], abs=6e-4)


def test_timesformer_is_counted_whole():
    models = import_mmaction().models
    options = {"num_frames": 8, "img_size": 224, "patch_size": 16, "norm_cfg": {"type": "LN", "eps": 1e-6}}
    with DefaultScope.overwrite_default_scope("mmaction"):
        network = build_on_meta(partial(models.TimeSformer, **options))
    macs = count_macs(network, torch.empty(1, 3, 8, 224, 224, device="meta"))
    assert count_parameters(network) == 121_258_752
    assert macs[TOTAL] / 1e9 == pytest.approx(195.830, abs=5e-4)


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

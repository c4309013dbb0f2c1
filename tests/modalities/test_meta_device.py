import pytest
import torch
from torch import nn

from triad.modalities.meta_device import build_on_meta, is_on_meta, true_indices


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        rates = [rate.item() for rate in torch.linspace(0, 0.5, 3)]
        self.drop = nn.Dropout(rates[-1])
        self.embedding = nn.Linear(4, 3, bias=False)
        self.classifier = nn.Linear(4, 3)
        self.classifier.weight = self.embedding.weight
        self.classifier.requires_grad_(False)
        self.register_parameter("absent", None)
        self.register_buffer("steps", torch.arange(3))


def test_weights_are_on_meta_before_initialisation(monkeypatch):
    initialised = []
    monkeypatch.setattr(nn.init, "kaiming_uniform_", lambda tensor, **_: initialised.append(tensor.is_meta))
    module = build_on_meta(Net)
    assert initialised == [True, True]
    assert all(tensor.is_meta for tensor in (*module.parameters(), *module.buffers()))


def test_shared_and_frozen_parameters_stay_so():
    module = build_on_meta(Net)
    assert module.classifier.weight is module.embedding.weight
    assert [parameter.requires_grad for parameter in module.parameters()] == [False, False]
    assert module.drop.p == 0.5


def test_later_networks_have_values_again():
    def fail_to_build():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        build_on_meta(fail_to_build)
    assert not is_on_meta(Net())
    assert is_on_meta(build_on_meta(Net))


def test_every_entry_is_true_on_meta():
    mask = torch.tensor([True, False, True])
    assert true_indices(mask).tolist() == [0, 2]
    assert true_indices(mask.to("meta")).shape == (3,)

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from modalities.checks import InputError
from modalities.weights import average_input_channels, load_weights


def build_network(in_channels: int = 3) -> nn.Sequential:
    return nn.Sequential(nn.Conv3d(in_channels, 4, 1, bias=False), nn.BatchNorm3d(4))


def load(path: Path, network: nn.Module | None = None) -> None:
    load_weights(network or build_network(), path, classifier=("fc.",))


def test_average_input_channels_by_hand():
    kernel = torch.tensor([[1.0, 2.0, 6.0], [0.0, 3.0, 0.0]])[..., None, None, None]  # [O, I, 1, 1, 1]
    assert average_input_channels(kernel, 2).flatten(1).tolist() == [[3.0, 3.0], [1.0, 1.0]]


def test_weights_are_loaded_without_classifier(tmp_path: Path):
    published, network = build_network(), build_network(in_channels=2)
    state = {key: value for key, value in published.state_dict().items() if "num_batches" not in key}
    torch.save({"state_dict": state | {"fc.weight": torch.ones(5, 4)}}, tmp_path / "published.pth")
    load(tmp_path / "published.pth", network)
    assert torch.equal(network[0].weight, average_input_channels(published[0].weight, 2))
    assert torch.equal(network[1].weight, published[1].weight)


def test_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"weights file must be a file, got '.*none.pth', which does not exist"):
        load(tmp_path / "none.pth")


def test_pickled_objects_are_refused(tmp_path: Path):
    torch.save({"state_dict": {}, "hub": Path("anything")}, tmp_path / "code.pth")
    with pytest.raises(InputError, match=r"code.pth' must load with weights_only=True.*re-save its weights alone"):
        load(tmp_path / "code.pth")


def test_missing_key_is_refused(tmp_path: Path):
    state = build_network().state_dict()
    del state["1.bias"]
    torch.save(state, tmp_path / "short.pth")
    with pytest.raises(InputError, match=r"'1.bias' of weights file '.*short.pth' must have shape \[4\], got nothing"):
        load(tmp_path / "short.pth")


def test_unexpected_key_is_refused(tmp_path: Path):
    additional = {"2.weight": torch.ones(1), "fc.bias": torch.ones(9)}
    torch.save({**build_network().state_dict(), **additional}, tmp_path / "long.pth")
    with pytest.raises(InputError, match=r"'2.weight' of weights file .* must be absent, got \[1\]"):
        load(tmp_path / "long.pth")


def test_other_shape_is_refused(tmp_path: Path):
    torch.save({**build_network().state_dict(), "1.weight": torch.ones(5)}, tmp_path / "wide.pth")
    with pytest.raises(InputError, match=r"'1.weight' of weights file .* must have shape \[4\], got \[5\]"):
        load(tmp_path / "wide.pth")


def test_list_is_refused(tmp_path: Path):
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(InputError, match="must hold a state dict, got list"):
        load(tmp_path / "list.pth")

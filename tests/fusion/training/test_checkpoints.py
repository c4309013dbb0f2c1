"""Checkpoint files are found, read and checked without running code from them."""

import pytest
import torch
from torch import nn

from fusion.training.checkpoints import check_weights, checkpoint_of, read_checkpoint, unwrap
from modalities.checks import InputError


def test_folder_gives_its_last_checkpoint(tmp_path):
    torch.save({"state_dict": {}}, tmp_path / "epoch_2.pth")
    (tmp_path / "last_checkpoint").write_text("/elsewhere/epoch_2.pth\n")
    assert checkpoint_of(tmp_path) == tmp_path / "epoch_2.pth"
    assert checkpoint_of(tmp_path / "epoch_2.pth") == tmp_path / "epoch_2.pth"
    with pytest.raises(InputError, match="which does not exist; train the config first"):
        checkpoint_of(tmp_path / "epoch_3.pth")


def test_file_without_weights_is_refused(tmp_path):
    torch.save({"weights": 1}, tmp_path / "other.pth")
    with pytest.raises(InputError, match=r"other\.pth' must hold a 'state_dict', got none"):
        read_checkpoint(tmp_path / "other.pth")


def test_weights_of_other_model_are_refused(tmp_path):
    torch.save({"state_dict": nn.Linear(2, 3).state_dict()}, tmp_path / "linear.pth")
    check_weights(nn.Linear(2, 3), tmp_path / "linear.pth")
    with pytest.raises(InputError, match=r"must have shape \[3, 4\]"):
        check_weights(nn.Linear(4, 3), tmp_path / "linear.pth")


def test_unwrap_leaves_plain_models():
    model = nn.Linear(1, 1)
    assert unwrap(model) is model

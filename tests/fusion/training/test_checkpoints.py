"""Checkpoint files are found, read and checked without running code from them."""

import logging

import pytest
import torch
from torch import nn

from triad.fusion.training.checkpoints import check_weights, checkpoint_of, read_checkpoint, unwrap
from triad.modalities.checks import InputError


def test_folder_gives_its_last_checkpoint(tmp_path):
    torch.save({"state_dict": {}}, tmp_path / "epoch_2.pth")
    (tmp_path / "last_checkpoint").write_text("/elsewhere/epoch_2.pth\n")
    assert checkpoint_of(tmp_path) == tmp_path / "epoch_2.pth"
    assert checkpoint_of(tmp_path / "epoch_2.pth") == tmp_path / "epoch_2.pth"
    with pytest.raises(InputError, match="which does not exist; train the config first"):
        checkpoint_of(tmp_path / "epoch_3.pth")


def save(path, *, time="20260101_120000", best=None, score=None):
    info = {key: value for key, value in {"best_ckpt": best, "best_score": score}.items() if value is not None}
    checkpoint = {"state_dict": {}, "meta": {"time": time}, "message_hub": {"runtime_info": info}}
    torch.save(checkpoint, path)


@pytest.fixture
def folder(tmp_path):
    """Training of five epochs, of which validation chose the third."""
    save(tmp_path / "best_top1_epoch_3.pth", score=0.91, time="20260101_115900")
    save(tmp_path / "epoch_5.pth", best="C:\\runs\\best_top1_epoch_3.pth", score=0.91)
    (tmp_path / "last_checkpoint").write_text("/elsewhere/epoch_5.pth")
    return tmp_path


def test_folder_gives_the_best_checkpoint(folder, caplog):
    caplog.set_level(logging.INFO)
    assert checkpoint_of(folder) == folder / "best_top1_epoch_3.pth"
    assert "epoch_3.pth': the best on validation (top1 0.910); --last takes the last one" in caplog.messages[-1]
    assert checkpoint_of(folder, last=True) == folder / "epoch_5.pth"
    assert caplog.messages[-1].endswith("epoch_5.pth': the last one")


def test_best_of_last_epoch_is_newer(folder):
    """The last checkpoint is written before its own validation."""
    save(folder / "best_top1_epoch_5.pth", score=0.93, time="20260101_120001")
    assert checkpoint_of(folder) == folder / "best_top1_epoch_5.pth"


def test_best_of_earlier_training_is_ignored(folder, caplog):
    caplog.set_level(logging.INFO)
    save(folder / "epoch_2.pth", time="20260101_130000")
    (folder / "last_checkpoint").write_text("epoch_2.pth")
    assert checkpoint_of(folder) == folder / "epoch_2.pth"
    assert caplog.messages[-1].endswith("the last one, for validation has chosen none")


def test_best_of_two_measures_is_refused(folder):
    save(folder / "best_loss_epoch_5.pth", time="20260101_120001")
    with pytest.raises(InputError, match=r"be of one measure, got best_loss_epoch_5.pth, best_top1_epoch_3.pth; name"):
        checkpoint_of(folder)


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


@pytest.mark.parametrize("key", ["state_dict", "meta", "message_hub"])
def test_parts_of_another_type_are_refused(tmp_path, key):
    torch.save({"state_dict": {}, key: [1]}, tmp_path / "odd.pth")
    with pytest.raises(InputError, match=rf"'{key}' of checkpoint '.*odd.pth' must be a dictionary, got list"):
        read_checkpoint(tmp_path / "odd.pth")


def test_folder_without_training_is_named(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(InputError, match=r"be the work folder of a training, with last_checkpoint, got notes.txt"):
        checkpoint_of(tmp_path)

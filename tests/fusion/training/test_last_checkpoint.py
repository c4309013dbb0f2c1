"""The last checkpoint is found whatever became of the file that names it."""

import os

import pytest
import torch

from triad.fusion.training.last_checkpoint import find_last_checkpoint
from triad.modalities.checks import InputError


@pytest.fixture
def folder(tmp_path):
    """Epochs 9 and 10 of a training, and epoch 30 of an earlier one."""
    for name, time in (
        ("epoch_9", "20260102_100000"),
        ("epoch_10", "20260102_100000"),
        ("epoch_30", "20250101_000000"),
    ):
        torch.save({"state_dict": {}, "meta": {"time": time}}, tmp_path / f"{name}.pth")
    torch.save({"state_dict": {}, "meta": {"time": "20260103_000000"}}, tmp_path / "best_top1_epoch_11.pth")
    (tmp_path / "last_checkpoint").write_text("/elsewhere/epoch_9.pth")
    return tmp_path


def test_pointer_names_the_file(folder, caplog):
    assert find_last_checkpoint(folder) == folder / "epoch_9.pth"
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\0" * 40, "broken"),
        (b"\xff\xfe/epoch", "broken"),
        (b"/runs/epoch_1", "broken"),
        (b"/runs/epoch_11.pth", "of 'epoch_11.pth', which is missing"),
        (b"x" * 10_000, "broken"),
    ],
)
def test_broken_pointer_gives_newest_checkpoint(folder, caplog, content, problem):
    (folder / "last_checkpoint").write_bytes(content)
    assert find_last_checkpoint(folder) == folder / "epoch_10.pth"
    newest = folder / "epoch_10.pth"
    assert caplog.messages == [
        f"'{folder / 'last_checkpoint'}' is {problem}: '{newest}' is taken, the newest sound checkpoint"
    ]


def test_missing_pointer_gives_newest_checkpoint(folder, caplog):
    (folder / "last_checkpoint").unlink()
    assert find_last_checkpoint(folder) == folder / "epoch_10.pth"
    assert "last_checkpoint' is missing" in caplog.messages[0]


def test_folder_as_pointer_gives_newest_checkpoint(folder, caplog):
    (folder / "last_checkpoint").unlink()
    (folder / "last_checkpoint").mkdir()
    assert find_last_checkpoint(folder) == folder / "epoch_10.pth"
    assert "is unreadable (Is a directory)" in caplog.messages[0]


def test_damaged_checkpoints_are_passed_over(folder, caplog):
    os.truncate(folder / "epoch_9.pth", 100)
    (folder / "epoch_10.pth").write_bytes(b"")
    assert find_last_checkpoint(folder) == folder / "epoch_30.pth"
    assert "is of 'epoch_9.pth', which is damaged" in caplog.messages[0]


def test_nothing_sound_is_refused(folder):
    for name in ("epoch_9", "epoch_10", "epoch_30"):
        (folder / f"{name}.pth").write_bytes(b"half")
    with pytest.raises(InputError, match=r"must hold a sound checkpoint, got 3 damaged; train again"):
        find_last_checkpoint(folder)


def test_folder_without_checkpoints_has_none(tmp_path):
    assert find_last_checkpoint(tmp_path) is None
    assert find_last_checkpoint(tmp_path / "missing") is None
    (tmp_path / "last_checkpoint").touch()
    assert find_last_checkpoint(tmp_path) is None

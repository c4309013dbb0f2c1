"""Training killed at any point and resumed is the uninterrupted training, with one best checkpoint."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from killed_training import Killed, differences, events, files_of, killable_config, result_of, train_on

from triad.fusion.training.config import build_config
from triad.fusion.training.zoo import find_leaves
from triad.modalities.checks import InputError

ROOT = Path(__file__).parents[4]
BEST_2 = "best_mean_class_accuracy_epoch_2.pth"


@pytest.fixture(scope="module")
def uninterrupted(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[str]]:
    """What an uninterrupted training of three epochs leaves, and the names of its events in their order."""
    work = tmp_path_factory.mktemp("uninterrupted")
    names: list[str] = []
    with events(names.append):
        train_on(killable_config(tiny, work))
    return result_of(work), names


def train_and_kill(tiny: Path, work: Path, name: str, occurrence: int = 1) -> None:
    """Train until an event happens the given number of times."""
    seen = []

    def handle(event: str) -> None:
        seen.append(event)
        if seen.count(name) == occurrence:
            raise Killed

    with events(handle), pytest.raises(Killed):
        train_on(killable_config(tiny, work))


def resume(tiny: Path, work: Path) -> list[str]:
    names: list[str] = []
    with events(names.append):
        train_on(killable_config(tiny, work))
    return names


def test_uninterrupted_training_keeps_two_checkpoints(uninterrupted):
    result, names = uninterrupted
    assert result["files"] == [BEST_2, "epoch_3.pth", "last_checkpoint", "learning_curves.png"]
    assert result["epoch_3.pth"]["best"] == (BEST_2, 0.75)
    assert [name for name in names if "validating" in name] == [f"validating epoch {epoch}" for epoch in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "occurrence"),
    [
        ("before epoch_2.pth", 1),
        ("after epoch_2.pth", 1),
        ("before removing epoch_1.pth", 1),
        ("validating epoch 2", 1),
        (f"after {BEST_2}", 1),
        ("before removing best_mean_class_accuracy_epoch_1.pth", 1),
        ("validating epoch 3", 1),
    ],
)
def test_killed_training_resumes_exactly(uninterrupted, tiny, tmp_path, name, occurrence):
    train_and_kill(tiny, tmp_path, name, occurrence)
    names = resume(tiny, tmp_path)
    assert differences(uninterrupted[0], result_of(tmp_path)) == []
    assert names.count("validating epoch 3") == 1


@pytest.mark.slow
def test_every_event_may_be_the_last(uninterrupted, tiny, tmp_path):
    result, names = uninterrupted
    for number, name in enumerate(names):
        work = tmp_path / str(number)
        train_and_kill(tiny, work, name, names[: number + 1].count(name))
        resume(tiny, work)
        assert differences(result, result_of(work)) == [], name


def hurried_config(tiny: Path, work: Path) -> Any:
    """Config of a training whose checkpoints seem to take hours."""
    config = killable_config(tiny, work)
    config.default_hooks["checkpoint"]["max_share"] = 1e-9
    return config


def same_result(expected: dict[str, Any], work: Path) -> bool:
    """Return whether a training left what another did, whenever its outdated files went."""
    results = (expected, result_of(work))
    left, right = (
        {name: {**value, "outdated": None} if isinstance(value, dict) else value for name, value in result.items()}
        for result in results
    )
    return differences(left, right) == []


def test_checkpoints_keep_to_their_share(uninterrupted, tiny, tmp_path):
    """The first one and the last one are written, the best ones always, and the result is the same."""
    names: list[str] = []
    with events(names.append):
        train_on(hurried_config(tiny, tmp_path))
    assert [name for name in names if name.startswith("after") and name.endswith("pth") and "removing" not in name] == [
        "after epoch_1.pth",
        "after best_mean_class_accuracy_epoch_1.pth",
        "after best_mean_class_accuracy_epoch_2.pth",
        "after epoch_3.pth",
    ]
    assert same_result(uninterrupted[0], tmp_path)


def test_stopped_training_writes_last_checkpoint(tiny, tmp_path):
    config = hurried_config(tiny, tmp_path)
    early = {"type": "EarlyStoppingHook", "monitor": "mean_class_accuracy", "rule": "greater", "patience": 1}
    config.custom_hooks = [early]
    config.train_cfg["max_epochs"] = 9
    with events(lambda _: None):  # the third epoch is worse than the second
        train_on(config)
    assert files_of(tmp_path) == [BEST_2, "epoch_3.pth", "last_checkpoint", "learning_curves.png"]


def test_left_out_checkpoints_resume_exactly(uninterrupted, tiny, tmp_path):
    """Epoch 2 was validated and is the best when the training is killed; it is resumed from epoch 1."""
    seen = []

    def handle(event: str) -> None:
        seen.append(event)
        if event == f"after {BEST_2}":
            raise Killed

    with events(handle), pytest.raises(Killed):
        train_on(hurried_config(tiny, tmp_path))
    assert "epoch_2.pth" not in files_of(tmp_path)
    with events(lambda _: None):
        train_on(hurried_config(tiny, tmp_path))
    assert same_result(uninterrupted[0], tmp_path)


@pytest.mark.slow
def test_every_event_may_be_last_with_few_checkpoints(uninterrupted, tiny, tmp_path):
    names: list[str] = []
    with events(names.append):
        train_on(hurried_config(tiny, tmp_path / "whole"))
    for number in range(len(names)):
        seen: list[str] = []

        def handle(event: str, seen: list[str] = seen, number: int = number) -> None:
            seen.append(event)
            if len(seen) == number + 1:
                raise Killed

        work = tmp_path / str(number)
        with events(handle), pytest.raises(Killed):
            train_on(hurried_config(tiny, work))
        with events(lambda _: None):
            train_on(hurried_config(tiny, work))
        assert same_result(uninterrupted[0], work), names[number]


def test_share_of_checkpoints_is_checked(tiny, tmp_path):
    config = killable_config(tiny, tmp_path)
    config.default_hooks["checkpoint"]["max_share"] = 2
    with pytest.raises(InputError, match="max_share must be above 0, to 1, or None, got 2"):
        train_on(config)


def test_killed_validation_comes_first(tiny, tmp_path):
    train_and_kill(tiny, tmp_path, "validating epoch 2")
    assert next(name for name in resume(tiny, tmp_path) if "removing" not in name) == "validating epoch 2"


def test_moved_folder_keeps_one_best(uninterrupted, tiny, tmp_path):
    train_and_kill(tiny, tmp_path / "old", "validating epoch 2")
    shutil.move(tmp_path / "old", tmp_path / "new")
    resume(tiny, tmp_path / "new")
    assert differences(uninterrupted[0], result_of(tmp_path / "new")) == []


def test_best_of_earlier_training_stays(tiny, tmp_path):
    """A file of a training that another folder or year gave is nobody's to remove."""
    train_and_kill(tiny, tmp_path, "validating epoch 2")
    earlier = torch.load(tmp_path / "epoch_2.pth", weights_only=True)
    earlier["meta"]["time"] = "20200101_000000"
    torch.save(earlier, tmp_path / "best_mean_class_accuracy_epoch_9.pth")
    resume(tiny, tmp_path)
    names = [BEST_2, "best_mean_class_accuracy_epoch_9.pth", "epoch_3.pth", "last_checkpoint", "learning_curves.png"]
    assert files_of(tmp_path) == names


def test_half_written_checkpoints_go(tiny, tmp_path):
    for name in (".epoch_1.0123abcd.partial.pth", ".last_checkpoint.beef-7-0a0b.partial", ".test.0123abcd.partial.npz"):
        (tmp_path / name).touch()
    train_and_kill(tiny, tmp_path, "validating epoch 1")
    assert [name for name in files_of(tmp_path) if "partial" in name] == [".test.0123abcd.partial.npz"]


def test_leaves_keep_best_by_their_metric():
    for path in find_leaves(ROOT / "configs"):
        config = build_config(path)
        several_classes = config.model.get("loss", "cross_entropy") != "cross_entropy"
        metric = "mean_average_precision" if several_classes else "mean_class_accuracy"
        checkpoint = config.default_hooks["checkpoint"]
        assert (checkpoint["save_best"], checkpoint["rule"]) == (metric, "greater"), path

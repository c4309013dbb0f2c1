"""The command train: its log, its options, and the checkpoints that it leaves."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tool_runs import ROOT

LOG_FIELDS = ("lr", "eta", "time", "loss")
LOG_EVERY_2 = ("train_dataloader.batch_size=2", "default_hooks.logger.interval=2")
"""Options with which six training clips are three iterations, of which the second and the last are logged."""


def logged_positions(err: str, mode: str) -> list[str]:
    """Return ``[epoch][iteration/iterations]`` of every line that mmengine logs in a mode, without spaces."""
    positions = re.findall(rf"mmengine - INFO - Epoch\({mode}\) (\[\d+\]\[ *\d+/\d+\])", err)
    return [position.replace(" ", "") for position in positions]


@pytest.fixture
def run(command: Callable, recipes: dict, data: Path, tmp_path: Path) -> Callable[..., str]:
    """Train the skeleton for two epochs with words and config options, and return the standard error."""

    def run(*words: str, options: tuple[str, ...] = ()) -> str:
        config, small = recipes["skeleton"]
        brief = ("train_cfg.max_epochs=2", "train_cfg.val_interval=1")
        folders = ("--data", data, "--work-dir", tmp_path / "work")
        code, out, err = command("train.py", config, *folders, *words, "--cfg-options", *small, *brief, *options)
        assert (code, out) == (0, ""), err
        return err

    return run


def test_log_has_lines_every_interval(run):
    """Without a terminal, lines of mmengine's logger come every interval and at the end of each epoch."""
    err = run(options=LOG_EVERY_2)
    assert logged_positions(err, "train") == ["[1][2/3]", "[1][3/3]", "[2][2/3]", "[2][3/3]"]
    assert logged_positions(err, "val") == ["[1][1/1]", "[2][1/1]"]
    training_lines = [line for line in err.splitlines() if "Epoch(train)" in line]
    assert all(f"  {field}: " in line for line in training_lines for field in LOG_FIELDS)
    validation_lines = [line for line in err.splitlines() if "Epoch(val)" in line]
    assert all("mean_class_accuracy: " in line for line in validation_lines)
    first, *_, last = err.splitlines()
    assert first.startswith("training on cpu: ")
    assert last.startswith("trained: the best on validation is epoch ")
    assert len(err.splitlines()) == 2 + len(training_lines) + len(validation_lines)


def test_refit_logs_without_validation(run):
    """Nine clips of train and val are five iterations of two."""
    err = run("--refit", options=LOG_EVERY_2)
    assert logged_positions(err, "train") == [f"[{epoch}][{number}/5]" for epoch in (1, 2) for number in (2, 4, 5)]
    assert all(f"  {field}: " in line for line in err.splitlines()[1:-1] for field in LOG_FIELDS)
    assert "Epoch(val)" not in err


def test_refit_trains_on_validation_too(run, tmp_path):
    run("--refit", options=("train_dataloader.batch_size=3",))
    assert torch.load(tmp_path / "work/epoch_2.pth", weights_only=True)["meta"]["iter"] == 6  # 2 × 9 / 3
    assert not list((tmp_path / "work").glob("best_*"))


def test_resume_without_checkpoint_starts_anew(run, tmp_path):
    first_line = run("--resume").splitlines()[0]
    assert first_line == f"nothing to resume in '{tmp_path / 'work'}': training from the start"


def test_resume_of_finished_training_ends(run, tmp_path):
    run()
    written = (tmp_path / "work/epoch_2.pth").read_bytes()
    assert logged_positions(run("--resume"), "train") == []
    assert (tmp_path / "work/epoch_2.pth").read_bytes() == written


def test_auto_scale_lr_follows_batch_size(run, tmp_path):
    """The rate of a batch of 16 is scaled to the batch of 4: its peak is 3e-3 / 4."""
    run("--auto-scale-lr", options=("train_dataloader.batch_size=4",))
    checkpoint = torch.load(tmp_path / "work/epoch_2.pth", weights_only=True)
    assert checkpoint["optimizer"]["param_groups"][0]["max_lr"] == pytest.approx(7.5e-4)


def test_amp_without_gpu_is_one_line(command, recipes, one_line, data, tmp_path):
    if torch.cuda.is_available():
        pytest.skip("needs a machine without a GPU")
    words = ("--data", data, "--work-dir", tmp_path / "work", "--amp")
    code, out, err = command("train.py", recipes["skeleton"][0], *words)
    assert (code, out) == (1, "")
    assert one_line(err) == "error: --amp must be used with a GPU, got none; leave it out"
    assert not (tmp_path / "work").exists()


@pytest.mark.slow
def test_log_file_of_process_has_lines(recipes, data, tmp_path):
    """A process whose standard error is a file, as of a batch job."""
    config, small = recipes["skeleton"]
    words = ["--data", data, "--work-dir", tmp_path / "work", "--cfg-options", *small, *LOG_EVERY_2]
    command = [sys.executable, ROOT / "tools/train.py", config, *words, "train_cfg.max_epochs=1"]
    with (tmp_path / "log").open("w") as log:
        subprocess.run(list(map(str, command)), check=True, stderr=log)
    assert logged_positions((tmp_path / "log").read_text(), "train") == ["[1][2/3]", "[1][3/3]"]
    scalars = [json.loads(line) for line in next((tmp_path / "work").rglob("scalars.json")).read_text().splitlines()]
    assert [row["step"] for row in scalars if "loss" in row] == [2, 3]


@pytest.mark.parametrize("num_workers", [0, 1])
def test_loader_profile_has_all_stages(command, recipes, data, tmp_path, num_workers):
    config, small = recipes["rgb"]
    folders = ("--data", data, "--work-dir", tmp_path / "work")
    workers = (f"train_dataloader.num_workers={num_workers}", f"train_dataloader.persistent_workers={num_workers > 0}")
    options = ("--cfg-options", *small, *workers, "train_dataloader.batch_size=2")
    code, out, err = command("train.py", config, *folders, "--profile-loader", "--json", *options)
    assert code == 0, err
    document = json.loads(out)
    stages = ["decode", "resize", "collate", "transfer", "device transform", "forward + backward"]
    assert list(document["stages"]) == stages
    assert all(document["stages"][stage] > 0 for stage in stages)
    assert (document["num_workers"], document["batch_size"]) == (num_workers, 2)
    assert not list((tmp_path / "work").glob("*.pth"))


def test_resumed_training_needs_no_start_weights(run, tmp_path):
    """The same command continues a stopped training, also where the file that it started from is gone."""
    run()
    start = tmp_path / "start.pth"
    (tmp_path / "work/epoch_2.pth").rename(start)
    started = f"model.pretrained.skeleton={start}"
    run("--weights", f"skeleton={start}")
    start.unlink()
    err = run("--resume", "--weights", f"skeleton={start}", options=("train_cfg.max_epochs=3",))
    assert err.splitlines()[0] == "--weights are left out: the training goes on from its last checkpoint"
    assert {position[:3] for position in logged_positions(err, "train")} == {"[3]"}
    err = run("--resume", options=("train_cfg.max_epochs=4", started))
    assert {position[:3] for position in logged_positions(err, "train")} == {"[4]"}


def test_weights_start_the_encoder(run, tmp_path):
    """A frozen encoder is still that of the file after training."""
    run()
    checkpoint = tmp_path / "start.pth"
    (tmp_path / "work" / "epoch_2.pth").rename(checkpoint)
    err = run("--weights", f"skeleton={checkpoint}", options=("model.frozen=('skeleton',)",))
    assert re.search(r"stream 'skeleton' starts from weights start\.pth: (\d+) of \1 tensors match", err)
    before, after = (
        torch.load(path, weights_only=True)["state_dict"] for path in (checkpoint, tmp_path / "work" / "epoch_2.pth")
    )
    counter = "num_batches_tracked"  # of no file is it read
    encoder = [key for key in before if key.startswith("encoders.") and not key.endswith(counter)]
    assert encoder
    assert not [key for key in encoder if not torch.equal(before[key], after[key])]

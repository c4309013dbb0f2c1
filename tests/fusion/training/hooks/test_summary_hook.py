"""Lines before and after a training, and the picture of its curves."""

from __future__ import annotations

import json
import shlex

import pytest
from brief_training import BRIEF, LEAF
from PIL import Image
from tool_runs import run_tool

from triad.fusion.training.config import build_config
from triad.fusion.training.hooks.learning_curves_hook import FILE_NAME
from triad.fusion.training.runner import build_runner


def test_training_says_what_and_what_next(tiny, tmp_path, capsys):
    runner = build_runner(build_config(LEAF, options=BRIEF, data=tiny, work_dir=tmp_path))
    runner.train()
    first, *_, last = [line for line in capsys.readouterr().err.splitlines() if line.startswith("train")]
    num_clips = len(runner.train_dataloader.dataset)
    assert first == (
        f"training on cpu: {num_clips} clips of 3 classes, streams skeleton; 2 epochs; "
        f"config '{LEAF}', folder '{tmp_path}'"
    )
    best = runner.message_hub.get_info("best_score")
    (file,) = tmp_path.glob("best_mean_class_accuracy_epoch_*.pth")
    assert last == (
        f"trained: the best on validation is epoch {file.stem[-1]} with mean_class_accuracy {best:.3f}; "
        f"next: triad test {tmp_path / LEAF.name} {tmp_path}"
    )
    log = next(tmp_path.rglob("*.log")).read_text()
    assert first in log
    assert last in log
    with Image.open(tmp_path / FILE_NAME) as picture:
        assert picture.size == (960, 540)


def test_next_command_tests_what_was_trained(tiny, tmp_path, capsys):
    """Its options and its data count: a network of the config's own widths would refuse the weights."""
    build_runner(build_config(LEAF, options=BRIEF, data=tiny, work_dir=tmp_path)).train()
    _, _, name, *words = shlex.split(capsys.readouterr().err.rpartition("next: ")[2])
    assert run_tool("test.py", name, *words, "--json") == 0
    assert json.loads(capsys.readouterr().out)["test"]["samples"] > 0


def test_refitting_has_no_best(tiny, tmp_path, capsys):
    config = build_config(LEAF, options=BRIEF, data=tiny, work_dir=tmp_path)
    config.val_dataloader = config.val_cfg = config.val_evaluator = None
    config.default_hooks["checkpoint"]["save_best"] = None
    build_runner(config).train()
    assert "trained: there was no validation; the last epoch is the result; next: " in capsys.readouterr().err


@pytest.mark.parametrize("option", ["randomness.deterministic=True", "randomness.diff_rank_seed=True"])
def test_fields_of_randomness_are_options(tiny, tmp_path, option):
    config = build_config(LEAF, options=(*BRIEF, option), data=tiny, work_dir=tmp_path)
    assert config.randomness[option.split(".")[1].split("=")[0]] is True

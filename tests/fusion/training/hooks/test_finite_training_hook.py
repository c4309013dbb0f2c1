"""Training that is no longer finite, or has nothing to learn from, ends in one line without a checkpoint of it."""

from __future__ import annotations

import json
import math
import shutil
from types import SimpleNamespace

import pytest
import torch
from killed_training import files_of, killable_config, train_on

from triad.fusion.heads import ClassLoss
from triad.fusion.training.hooks import FiniteTrainingHook
from triad.modalities.checks import InputError

IDS = ["a", "b"]


def look(hook, losses, batch=None):
    runner = SimpleNamespace(epoch=2, model=torch.nn.Linear(1, 1))
    for number, loss in enumerate(losses):
        data_batch = {"id": [f"{name}{number}" for name in IDS], **(batch or {})}
        hook.after_train_iter(runner, number, data_batch, {"loss": torch.tensor(loss)})
    hook.after_train_epoch(runner)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_infinite_loss_names_epoch_and_clips(value):
    with pytest.raises(InputError, match=rf"loss in epoch 3 must be finite, got {value} for clips a1, b1; look at"):
        look(FiniteTrainingHook(), [1.0, value, 2.0, value])


def test_losses_are_looked_at_every_interval():
    hook = FiniteTrainingHook(interval=2)
    look(hook, [1.0, 2.0, 3.0])
    assert hook.losses == []
    with pytest.raises(InputError, match="clips a1, b1"):
        look(hook, [1.0, math.nan])


def test_clips_without_persons_are_refused():
    scores = torch.zeros(2, 1, 3, 4)
    with pytest.raises(InputError, match="stream 'pose' of the training clips must show a person, got none in any"):
        look(FiniteTrainingHook(), [1.0], {"pose": {"scores": scores}})
    scores[1, 0, 2, 3] = 0.5
    look(FiniteTrainingHook(), [1.0], {"pose": {"scores": scores}})


def test_infinite_weight_is_named():
    runner = SimpleNamespace(epoch=0, model=torch.nn.BatchNorm1d(2))
    runner.model.running_var[1] = math.inf
    with pytest.raises(InputError, match="'running_var' of the model after epoch 1 must be finite"):
        FiniteTrainingHook().after_train_epoch(runner)


def test_last_finite_checkpoint_is_kept(tiny, tmp_path, monkeypatch):
    forward = ClassLoss.forward

    def failing(self, logits, *arguments):
        return forward(self, logits, *arguments) * (math.nan if (tmp_path / "epoch_1.pth").exists() else 1)

    monkeypatch.setattr(ClassLoss, "forward", failing)
    with pytest.raises(InputError, match="loss in epoch 2 must be finite, got nan for clips "):
        train_on(killable_config(tiny, tmp_path))
    assert [name for name in files_of(tmp_path) if name.startswith("epoch")] == ["epoch_1.pth"]
    weights = torch.load(tmp_path / "epoch_1.pth", weights_only=True)["state_dict"]
    assert all(weight.isfinite().all() for weight in weights.values())


def test_stream_of_no_clip_is_refused(tiny, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(tiny, data)
    index = json.loads((data / "index.json").read_text())
    for record in index["data_list"]:
        del record["sources"]["skeleton"]
    (data / "index.json").write_text(json.dumps(index))
    config = killable_config(data, tmp_path / "work")
    config.val_dataloader = config.val_cfg = config.val_evaluator = None  # as --refit
    config.default_hooks["checkpoint"]["save_best"] = None
    with pytest.raises(InputError, match=r"must have stream 'skeleton' in at least one, got none of \d+; extract it"):
        train_on(config)
    assert not list((tmp_path / "work").glob("*.pth"))

"""The progress bar is drawn on a terminal and nowhere else."""

from types import SimpleNamespace

import torch

from triad.fusion.training.hooks import ProgressHook


def run(hook: ProgressHook) -> None:
    runner = SimpleNamespace(max_iters=2, max_epochs=1, iter=0, epoch=0)
    hook.before_train(runner)
    for iteration in range(2):
        runner.iter = iteration
        hook.after_train_iter(runner, iteration, outputs={"loss": torch.tensor(0.25)})
    hook.after_val_epoch(runner, {"top1": 0.5})
    hook.after_train(runner)


def test_pipe_gets_no_bar(capsys):
    run(ProgressHook(interval=1))
    assert capsys.readouterr() == ("", "")


def test_terminal_shows_loss_and_validation(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    run(ProgressHook(interval=1))
    err = capsys.readouterr().err
    assert "epoch 1/1 loss 0.250" in err
    assert "validation top1 0.500" in err.replace("\x1b[1;36m", "").replace("\x1b[0m", "")


def test_close_before_training_does_nothing():
    hook = ProgressHook()
    hook.close()
    assert hook.bar is None


def test_loss_is_read_every_interval(monkeypatch):
    """Reading the loss waits for the device."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    reads = []

    class Loss:
        def item(self) -> float:
            reads.append(1)
            return 0.0

    hook = ProgressHook(interval=5)
    runner = SimpleNamespace(max_iters=10, max_epochs=1, iter=0, epoch=0)
    hook.before_train(runner)
    for iteration in range(10):
        runner.iter = iteration
        hook.after_train_iter(runner, iteration, outputs={"loss": Loss()})
    hook.close()
    assert len(reads) == 2

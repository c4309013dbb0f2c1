"""Settings of a training that a GPU needs in order not to wait: workers that read, and checkpoints not too often."""

from __future__ import annotations

import os
from typing import Any

import torch
from mmengine.config import Config

from triad.fusion.training.hooks import SafeCheckpointHook
from triad.modalities.checks import fail
from triad.modalities.processes import available_cores

MAX_WORKERS = 8
"""Most workers of a loader that nobody has given a number: they decode 1,000 clips of 16 frames of 112² a second."""
CHECKPOINT_SHARE = 0.05
"""Share of the time of a training on a GPU that checkpoints between validations take at most."""
LOADERS = ("train_dataloader", "val_dataloader", "test_dataloader")


def set_workers(config: Config, number: int | None = None) -> None:
    """Set the number of worker processes of the loaders of a config.

    Without a number, loaders keep theirs; on a machine with a GPU those that have one worker, the number of the base
    config, which is made for two cores, get :func:`default_workers`. Those of training and validation live as long
    as the training.

    Args:
        config: config, which is changed.
        number: number of workers of each loader; 0 reads in the process that trains.

    Raises:
        InputError: for a negative number.
    """
    if number is not None and number < 0:
        fail("number of workers", "be at least 0", number)
    if number is None and not torch.cuda.is_available():
        return
    for name in LOADERS:
        loader: Any = config.get(name)
        if loader is None or (number is None and loader.get("num_workers") != 1):
            continue
        loader["num_workers"] = default_workers() if number is None else number
        loader["persistent_workers"] = loader["num_workers"] > 0 and name != "test_dataloader"


def default_workers() -> int:
    """Return the number of workers of a process with a GPU: its share of the cores, at least one, to ``MAX_WORKERS``.

    ``torchrun`` says in ``LOCAL_WORLD_SIZE`` how many processes share the machine. Slurm gives each process cores of
    its own.
    """
    processes = os.environ.get("LOCAL_WORLD_SIZE", "1")
    num_processes = max(int(processes), 1) if processes.isdecimal() else 1
    return max(1, min(MAX_WORKERS, available_cores() // num_processes))


def save_less_often(config: Config) -> None:
    """Keep a training on a GPU from writing checkpoints for most of its time, where its epochs take seconds."""
    checkpoint: Any = config.get("default_hooks", {}).get("checkpoint")
    if checkpoint is None:
        return
    kind = checkpoint["type"]
    name = kind if isinstance(kind, str) else kind.__name__  # a string in a config that a runner has dumped
    if name.rpartition(".")[2] == SafeCheckpointHook.__name__:
        checkpoint.setdefault("max_share", CHECKPOINT_SHARE)

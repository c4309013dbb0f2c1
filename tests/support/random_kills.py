"""Commands that are killed at random moments and started again, and what must hold after every kill."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from command_server import CommandServer
from jhmdb_files import write_jhmdb
from killed_training import differences, result_of
from tool_runs import CONFIGS, twelve_clips

from triad.fusion.late_fusion import load_fusion
from triad.fusion.predictions import Predictions, join_predictions, load_members
from triad.fusion.training.last_checkpoint import POINTER
from triad.modalities.atomic_files import write_json

TRAINED = "trained"
SMALL = ["streams.skeleton.num_frames=4", "streams.skeleton.encoder.widths=(16,16,16)"]
BRIEF = ["train_cfg.max_epochs=4", "train_cfg.val_interval=1", "train_dataloader.num_workers=0"]
BRIEF += ["train_dataloader.persistent_workers=False", "val_dataloader.num_workers=0", "test_dataloader.num_workers=0"]
OPTIONS = ["--data", "data", "--cfg-options", *SMALL, *BRIEF]
SCORES = ["rgb_test.npz", "flow_test.npz", "--fit", "rgb_val.npz", "flow_val.npz"]
COMMANDS = {
    "prepare": ["prepare", "jhmdb", "source", "prepared"],
    "extract": ["extract", "data", "--flow", "dis", "--workers", "1"],
    "train": ["train", str(CONFIGS["skeleton"]), "--resume", "--work-dir", TRAINED, *OPTIONS],
    "test": ["test", str(CONFIGS["skeleton"]), "model", "--dump", "scores.npz", *OPTIONS],
    "fuse": ["fuse", *SCORES, "--method", "logistic", "--out", "fused.npz", "--save", "fused.skops"],
    "ablate": ["ablate", *SCORES, "--methods", "mean", "logistic", "--out", "ablation"],
}
"""Words of each command, started in a folder that :func:`write_inputs` has written."""
LOCKS = (".lock", ".index.lock")
RENEWED = "prepared/index.json"
"""Index that prepare takes away before it puts another store of skeletons in its place, which it would not fit."""
FINISH = 0.3
"""Share of kills after which the command is left alone, and its result is compared."""


def write_inputs(tiny: Path, folder: Path, server: CommandServer) -> None:
    """Write what the commands read: datasets, a trained model, and predictions of two streams."""
    twelve_clips(tiny, folder / "data")
    write_jhmdb(folder / "source", tiny / "videos/left_s01.mp4")
    rng = np.random.default_rng(0)
    for split in ("test", "val"):
        labels = np.arange(60) % 3
        ids = [f"{split}{number}" for number in range(60)]
        for stream in ("rgb", "flow"):
            scores = np.eye(3)[labels] + rng.normal(0, 0.7, (60, 3))
            kinds = {stream: "logit"}
            predictions = Predictions(
                ids=ids, labels=labels, classes=("a", "b", "c"), scores={stream: scores}, kinds=kinds
            )
            predictions.save(folder / f"{stream}_{split}.npz")
    words = [word if word != TRAINED else "model" for word in COMMANDS["train"]]
    log = folder / "log"
    server.start(words, folder=folder, log=log)
    assert server.wait() == 0, log.read_text()


@dataclass
class Result:
    """Files that a command has written, by path in its folder, and the state of its training.

    Args:
        files: content of every file that is not of a training; of a fusion what it makes of the test predictions,
            because no two files of skops are alike.
        training: result of :func:`killed_training.result_of`; None where nothing was trained.
    """

    files: dict[str, bytes]
    training: dict[str, Any] | None


def read_result(folder: Path, inputs: Path) -> Result:
    """Return what a command has written, without logs and locks."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        is_other = name == "log" or name.startswith(("model/test/", f"{TRAINED}/")) or path.name.endswith(LOCKS)
        if path.is_dir() or is_other or path.parent.name == ".locks":
            continue
        content = path.read_bytes()
        if not (inputs / name).is_file() or (inputs / name).read_bytes() != content:
            files[name] = read_fusion(path, inputs) if path.suffix == ".skops" else content
    trained = folder / TRAINED
    return Result(files, result_of(trained) if trained.exists() else None)


def is_hidden(name: str) -> bool:
    """Return True for a file that is being written, or lies in a folder of such files."""
    return any(part.startswith(".") for part in Path(name).parts)


def read_fusion(path: Path, inputs: Path) -> bytes:
    """Return the scores that a stored fusion gives the test predictions."""
    members = load_members([str(inputs / "rgb_test.npz"), str(inputs / "flow_test.npz")])
    return load_fusion(path).predict(join_predictions(members)).tobytes()


class KilledCommand:
    """One command, killed and started again in a folder.

    Args:
        name: name in :data:`COMMANDS`.
        server: server that starts it.
        inputs: folder that :func:`write_inputs` has written.
        folder: folder of this command; what an earlier trial counted there is gone on with.
    """

    def __init__(self, name: str, server: CommandServer, inputs: Path, folder: Path) -> None:
        self.words = COMMANDS[name]
        self.server = server
        self.inputs = inputs
        self.folder = folder
        self.count_file = folder.with_suffix(".json")
        self.counts = {"kills": 0, "compared": 0}
        if self.count_file.exists():
            self.counts = json.loads(self.count_file.read_text())
        self.reset()
        begin = time.monotonic()
        num_changes = self.run(lambda: False)
        self.seconds = time.monotonic() - begin
        self.num_changes = max(num_changes, 1)
        self.expected = read_result(folder, inputs)
        assert self.expected.files or self.expected.training
        self.reset()

    def reset(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.inputs, self.folder)

    def run(self, is_due: Callable[[], bool], *, changes: int | None = None, delay: float = 0.0) -> int:
        """Run the command, and kill it when it is due or names of files have changed so often; return the changes.

        Args:
            is_due: function that says whether to kill it now.
            changes: number of changes of the names of files after which to kill it.
            delay: seconds from that change to the kill.
        """
        log = self.folder / "log"
        process = self.server.start(self.words, folder=self.folder, log=log)
        names = self._names()
        num_changes = 0
        while True:
            code = self.server.wait(0.0005)
            if code is not None:
                assert code == 0, log.read_text()
                return num_changes
            new_names = self._names()
            num_changes += new_names != names
            names = new_names
            is_changed = changes is not None and num_changes >= changes
            if is_changed:
                time.sleep(delay)
            if is_changed or is_due():
                self.was_killed = self.server.kill(process) < 0
                return num_changes

    def _names(self) -> list[str]:
        folders = os.walk(self.folder)  # passes over folders that go meanwhile
        return sorted(f"{folder}/{name}" for folder, _, names in folders for name in names)

    def kill_once(self) -> None:
        """Kill it at the next random moment, check what it left, and now and then let it finish."""
        rng = random.Random(f"{self.words[0]} {self.counts}")
        before = read_result(self.folder, self.inputs)
        self.was_killed = False
        if rng.random() < 0.5:
            self.run(lambda: False, changes=rng.randint(1, self.num_changes), delay=rng.uniform(0, 0.004))
        else:
            deadline = time.monotonic() + rng.uniform(0, self.seconds)
            self.run(lambda: time.monotonic() >= deadline)
        if not self.was_killed:  # it was faster
            self.compare()
            return
        self.check_left(before)
        self.counts["kills"] += 1
        if rng.random() < FINISH:
            self.run(lambda: False)
            self.compare()
        write_json(self.count_file, self.counts)

    def check_left(self, before: Result) -> None:
        """Check after a kill that no file is half-written and none that was finished is lost."""
        now = read_result(self.folder, self.inputs)
        whole = {name: content for name, content in now.files.items() if not is_hidden(name)}
        half_written = [
            name
            for name, content in whole.items()
            if content not in (self.expected.files.get(name), before.files.get(name))
        ]
        assert not half_written, f"half-written: {half_written}"
        finished = {name: content for name, content in before.files.items() if self.expected.files.get(name) == content}
        lost = [name for name, content in finished.items() if now.files.get(name) != content and name != RENEWED]
        assert not lost, f"lost: {lost}"
        if now.training is not None:
            check_training(self.folder / TRAINED, before.training or {}, now.training)

    def compare(self) -> None:
        """Compare the result of a finished command with the undisturbed one's, and begin anew."""
        result = read_result(self.folder, self.inputs)
        changed = [
            name
            for name in {*result.files, *self.expected.files}
            if result.files.get(name) != self.expected.files.get(name)
        ]
        assert not changed, f"differ from the undisturbed result: {changed}"
        assert not (found := differences(result.training, self.expected.training)), found[:5]
        self.counts["compared"] += 1
        self.reset()


def check_training(folder: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Check after a kill that every checkpoint is whole, the pointer leads to one, and no epoch is lost.

    That they are whole is known already: :func:`killed_training.result_of` has read them.
    """

    def last_epoch(result: Mapping[str, Any]) -> int:
        return max((content["position"][0] for name, content in result.items() if name.startswith("epoch")), default=0)

    assert last_epoch(now) >= last_epoch(before), f"epoch {last_epoch(before)} is lost"
    pointer = folder / POINTER
    if pointer.exists():
        assert torch.load(folder / Path(pointer.read_text()).name, weights_only=True)

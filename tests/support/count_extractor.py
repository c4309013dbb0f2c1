"""An extractor for tests of the engine, and small videos for it."""

from __future__ import annotations

import json
import os
import signal
from contextlib import contextmanager

import numpy as np

from modalities.atomic_files import atomic_write, read_json
from modalities.checks import InputError
from modalities.extraction import FileSummary, open_run

FRAMES = 7


class Count:
    """Writes how many frames came in which chunks.

    Args:
        stream: its name.
        setting: its provenance.
        fail_on: a first pixel brighter than it raises.
        die_on: a first pixel brighter than it ends the process.
    """

    modality, suffix, length_offset = "flow", ".json", 0
    opened = 0

    def __init__(self, stream="count", *, setting=1, fail_on=None, die_on=None):
        self.stream, self.setting, self.fail_on, self.die_on = stream, setting, fail_on, die_on

    @property
    def provenance(self):
        return {"settings": self.setting}

    @contextmanager
    def open(self, path, *, provenance, watch):
        Count.opened += 1
        self.chunks = []
        with atomic_write(path) as temporary:
            temporary.write_text("half")
            yield self
            temporary.write_text(json.dumps({"chunks": self.chunks, "provenance": provenance}))

    def add(self, frames):
        self.chunks.append(len(frames))
        if self.die_on is not None and frames[0, 0, 0, 0] > self.die_on:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fail_on is not None and frames[0, 0, 0, 0] > self.fail_on:
            raise ZeroDivisionError("a bug")

    def describe(self, path):
        content = read_json(path, cure="extract again")
        return FileSummary(sum(content["chunks"]), content["provenance"], {"chunks": len(content["chunks"])})

    def verify(self, path):
        if "bad" in path.read_text():
            raise InputError(f"'{path}' is bad")


def frames(seed, num=FRAMES):
    rng = np.random.default_rng(seed)
    texture = np.kron(rng.integers(0, 200, (12, 16, 3)), np.ones((5, 5, 1))).astype(np.uint8)
    return [np.roll(texture, shift, axis=1) for shift in range(num)]


def extract(tasks, build, root, **options):
    """Run to the end: the reason why each task failed, by id; None where it did not."""
    with open_run(tasks, build, root, **options) as run:
        return {outcome.task.id: " | ".join(outcome.errors.values()) or None for outcome in run}


def contents(folder):
    """What is in a folder, without locks."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}

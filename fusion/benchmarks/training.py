"""Benchmark of trainings on a GPU: how busy they keep it, and how long a whole recipe takes.

Each leaf trains by its own recipe for a while, validation and checkpoints included.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from triad import CONFIGS
from triad.fusion.benchmarks.gpu_utilization import GpuUtilization
from triad.fusion.benchmarks.own_process import measure_apart
from triad.fusion.benchmarks.prediction import measure_prediction
from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.simulated_datasets import write_jhmdb, write_nucla
from triad.fusion.index import load_index
from triad.fusion.inference import load
from triad.fusion.training.config import build_config
from triad.fusion.training.runner import build_runner
from triad.modalities.checks import fail

NUM_WORKERS = 8
SPARE_SECONDS = 45.0
"""Seconds beside its training that a process may take."""
NUM_PREDICTED = 24
"""Number of videos that each trained video network predicts."""


class Training(NamedTuple):
    """A leaf, the dataset it trains on and the seconds it trains here.

    ``minutes`` is the promised length of the whole recipe and ``percent`` the promised utilisation; None promises none.
    """

    leaf: str
    dataset: str
    seconds: float
    minutes: float | None
    percent: float | None


TRAININGS = (
    Training("skeleton/ctrgcn_nucla", "nucla", 60, minutes=8.0, percent=None),
    Training("skeleton/stgcnpp_nucla", "nucla", 30, minutes=None, percent=None),
    Training("rgb/r2plus1d_18_jhmdb", "jhmdb", 60, minutes=None, percent=80.0),
    Training("rgb/slowonly_jhmdb", "jhmdb", 30, minutes=None, percent=80.0),
)
WRITERS: dict[str, Callable[[Path], None]] = {"nucla": write_nucla, "jhmdb": write_jhmdb}


def bench_training(folder: Path) -> Iterator[BenchmarkResult]:
    """Train each leaf for a while and yield the median utilisation and the time of its whole recipe.

    Each is a process of its own. Video networks then predict some of the videos. The prepared datasets are the
    subfolders ``nucla`` and ``jhmdb``, which may be links; where there are none, they are simulated. Utilisation is
    counted from the second epoch on.

    Raises:
        InputError: If there is no GPU.
        RuntimeError: If a training or prediction failed or hung, after all others.
    """
    if not torch.cuda.is_available():
        fail("benchmark 'training'", "have a GPU", "none", "see triad doctor")
    failures = []
    for training in TRAININGS:
        data = folder / training.dataset
        origin = "given data" if (data / "index.json").is_file() else "simulated data"
        if origin == "simulated data":
            data.mkdir(parents=True, exist_ok=True)
            WRITERS[training.dataset](data)
        work_dir = folder / "work_dirs" / training.leaf
        steps: list[tuple[Callable[..., Iterable[BenchmarkResult]], tuple[Any, ...]]] = [
            (measure_training, (training, data, work_dir, origin))
        ]
        if training.percent is not None:
            steps.append((measure_trained, (training.leaf, work_dir, videos_of(data, NUM_PREDICTED))))
        for measure, arguments in steps:
            try:
                yield from measure_apart(measure, *arguments, seconds=training.seconds + SPARE_SECONDS)
            except RuntimeError as error:
                failures.append(f"{training.leaf}: {error}")
    if failures:
        raise RuntimeError("; ".join(failures))


def measure_trained(name: str, work_dir: Path, videos: Sequence[Path]) -> list[BenchmarkResult]:
    """Predict videos with the last checkpoint of a work folder."""
    return measure_prediction(name, torch.cuda.get_device_name(), load(work_dir, last=True), videos)


def measure_training(training: Training, data: Path, work_dir: Path, origin: str) -> Iterator[BenchmarkResult]:
    """Train a leaf for its seconds.

    Args:
        training: what to train.
        data: folder of the prepared dataset.
        work_dir: folder of logs and checkpoints.
        origin: where the data are from, for the notes.
    """
    config = build_config(CONFIGS / f"{training.leaf}.py", data=data, work_dir=work_dir)
    limit = TimeLimitHook(training.seconds)
    start = time.perf_counter()
    with GpuUtilization() as utilization:
        limit.utilization = utilization
        runner = build_runner(config, workers=NUM_WORKERS)
        runner.register_hook(limit)
        runner.train()
    num_epochs = config.train_cfg["max_epochs"]
    seconds = limit.seconds_per_epoch * num_epochs
    percent = utilization.median_after(limit.num_before)
    note = (
        f"{origin}; {len(runner.train_dataloader)} iterations an epoch, "
        f"{60 / limit.seconds_per_epoch:.3g} epochs a minute, {NUM_WORKERS} workers; first epoch after "
        f"{limit.first_epoch_ended - start:.1f} s; {max(utilization.megabytes, default=0)} MB of the device's memory"
    )
    device = torch.cuda.get_device_name()
    yield BenchmarkResult(
        f"{training.leaf}: utilisation", device, percent, 100.0, "%", limit=training.percent, note=note
    )
    yield BenchmarkResult(
        f"{training.leaf}: all {num_epochs} epochs",
        device,
        seconds / 60,
        seconds / 60 * percent / 100,
        "min",
        limit=training.minutes,
        note=f"extrapolated from {limit.num_epochs} epochs; reference: the same without waiting",
    )


def videos_of(data: Path, num: int) -> list[Path]:
    """Return the paths of the first videos of a prepared dataset."""
    index = load_index(data)
    sources = [index.source(record, "rgb") for record in index.records[:num]]
    return [source.path for source in sources if source is not None]


class TimeLimitHook(Hook):
    """Ends a training after the epoch in which its time is over, but not before the second.

    Args:
        seconds: time of the training from its first epoch on.

    Attributes:
        utilization: readings that go on beside the training.
        num_before: number of readings before the second epoch.
        num_epochs: number of epochs after the first.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.utilization: GpuUtilization | None = None
        self.num_before = 0
        self.num_epochs = -1
        self.first_epoch_ended = 0.0
        self._last_epoch_began = 0.0
        self._last_epoch_ended = 0.0

    @property
    def seconds_per_epoch(self) -> float:
        """Mean time of the epochs after the first but the last, with what follows each; of the last if it is alone."""
        if self.num_epochs < 2:
            return self._last_epoch_ended - self.first_epoch_ended
        return (self._last_epoch_began - self.first_epoch_ended) / (self.num_epochs - 1)

    def before_train_epoch(self, runner: Runner) -> None:
        # here all that followed the epoch before is done: validation and checkpoint
        self._last_epoch_began = time.perf_counter()
        if self.num_epochs == 0:
            self.first_epoch_ended = self._last_epoch_began
            self.num_before = len(self.utilization.percentages) if self.utilization else 0

    def after_train_epoch(self, runner: Runner) -> None:
        self.num_epochs += 1
        self._last_epoch_ended = time.perf_counter()
        if self.num_epochs > 0 and self._last_epoch_ended - self.first_epoch_ended > self.seconds:
            runner.train_loop.stop_training = True

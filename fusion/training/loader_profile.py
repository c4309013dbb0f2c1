"""Profile of training: how long each stage of a batch takes, and whether loader or model is the slower."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from time import perf_counter
from typing import Any

import torch
from mmengine.runner import Runner
from torch.utils.data import DataLoader

from triad.fusion.data import ActionDataset
from triad.modalities.checks import fail
from triad.modalities.stopwatch import Stopwatch

LOADER_STAGES = ("decode", "resize", "collate")
MODEL_STAGES = ("transfer", "device transform", "forward + backward")


@dataclass(frozen=True)
class LoaderProfile:
    """Time of each stage of a batch, and the rates of loader and model.

    Args:
        stages: milliseconds a batch of each stage, measured in one process.
        loader_rate: batches a second that the loader gives with its workers.
        model_rate: batches a second that the model takes.
        num_workers: number of workers of the loader; 0 loads in the process of the model.
        batch_size: samples of a batch.
    """

    stages: dict[str, float]
    loader_rate: float
    model_rate: float
    num_workers: int
    batch_size: int

    @property
    def conclusion(self) -> str:
        """One line that says which of both waits for the other, and what helps."""
        rates = f"the loader gives {self.loader_rate:.3g} batches/s, the model takes {self.model_rate:.3g}/s"
        if self.loader_rate >= self.model_rate:
            slowest = max(MODEL_STAGES, key=self._milliseconds)
            return f"{rates}: the model sets the speed, most of it {slowest}"
        slowest = max(LOADER_STAGES, key=self._milliseconds)
        cure = f"more workers (now {self.num_workers}): --workers …"
        return f"{rates}: the loader starves the model, most of it {slowest}; {cure}"

    def _milliseconds(self, stage: str) -> float:
        return self.stages.get(stage, 0.0)

    def to_json(self) -> dict[str, Any]:
        """Return the document of ``train --profile-loader --json``."""
        return {**asdict(self), "conclusion": self.conclusion}


def profile_loader(runner: Runner, *, num_batches: int = 10) -> LoaderProfile:
    """Run some batches of training and measure their stages; the weights of the runner's model change.

    Args:
        runner: runner of a recognizer that has not begun to train.
        num_batches: number of measured batches, after one that is not measured; fewer where an epoch has fewer.

    Raises:
        InputError: If the config does not train a recognizer, or an epoch has no batch.
    """
    loader = runner.build_dataloader(runner.cfg.train_dataloader, seed=runner.seed)
    dataset = loader.dataset
    if not isinstance(dataset, ActionDataset):
        fail("--profile-loader", "be used with the config of a recognizer", type(dataset).__name__)
    runner.optim_wrapper = runner.build_optim_wrapper(runner.optim_wrapper)
    runner.call_hook("before_run")
    runner.model.train()
    rows = list(islice(loader.batch_sampler, num_batches + 1))
    if not rows:
        fail("training split", "fill at least one batch", f"{len(dataset)} samples")
    batches, loader_watch = _time_reading(dataset, loader.collate_fn, rows)
    num = len(batches)
    model_watch = _time_model(runner, batches)
    stages = {**loader_watch.seconds, **model_watch.seconds}
    model_seconds = sum(model_watch.seconds.values())
    own_rate = num / sum(loader_watch.seconds.values())
    loader_rate = measure_loader_rate(loader, num) if loader.num_workers else own_rate
    return LoaderProfile(
        stages={stage: 1e3 * stages[stage] / num for stage in (*LOADER_STAGES, *MODEL_STAGES)},
        loader_rate=loader_rate,
        model_rate=num / model_seconds,
        num_workers=loader.num_workers,
        batch_size=len(rows[0]),
    )


def _time_reading(
    dataset: ActionDataset, collate: Callable[[list[Any]], Any], rows: list[list[int]]
) -> tuple[list[Any], Stopwatch]:
    """Read batches in this process; return them and the seconds of decoding, resizing and collating.

    The first batch, which also loads what is loaded once, is measured only where it is the only one.
    """
    batches: list[Any] = []
    watch = Stopwatch()
    for number, positions in enumerate(rows):
        if number == 1:
            batches.clear()
            watch = Stopwatch()
        with _timing_of_fit(dataset, watch), watch("decode"):
            samples = [dataset[position] for position in positions]
        with watch("collate"):
            batches.append(collate(samples))
    resize_seconds = watch.seconds.setdefault("resize", 0.0)
    watch.seconds["decode"] -= resize_seconds
    return batches, watch


@contextmanager
def _timing_of_fit(dataset: ActionDataset, watch: Stopwatch) -> Iterator[None]:
    """Measure the methods ``fit`` of the readers, which scale and crop a picture, as the stage ``resize``."""
    kinds: set[Any] = {type(reader) for reader in dataset.readers.values() if hasattr(reader, "fit")}
    methods = {kind: kind.fit for kind in kinds}
    for kind, method in methods.items():
        kind.fit = _watch_calls(method, watch)  # of the class, since readers of a crop are copies
    try:
        yield
    finally:
        for kind, method in methods.items():
            kind.fit = method


def _watch_calls(method: Callable[[Any, Any], Any], watch: Stopwatch) -> Callable[[Any, Any], Any]:
    """Return the method with each call measured as ``resize``."""

    def measured(reader: Any, picture: Any) -> Any:
        with watch("resize"):
            return method(reader, picture)

    return measured


def _time_model(runner: Runner, batches: list[Any]) -> Stopwatch:
    """Train on batches in memory; return the seconds of transfer, transform and step."""
    model = runner.model
    inner = getattr(model, "module", model)  # distributed training wraps the model
    preprocessor = inner.data_preprocessor
    watch = Stopwatch()
    for number, batch in enumerate([batches[0], *batches]):
        if number == 1:
            watch = Stopwatch()  # the first step compiled kernels and reserved memory
        with watch("transfer"):
            moved = preprocessor.to_device(batch)
            _synchronize()
        with watch("device transform"):
            prepared = preprocessor(moved, True)
            _synchronize()
        with watch("forward + backward"):
            with runner.optim_wrapper.optim_context(model):
                losses = model(**prepared, mode="loss")
            loss, _ = inner.parse_losses(losses)
            runner.optim_wrapper.update_params(loss)
            _synchronize()
    return watch


def measure_loader_rate(loader: DataLoader, num_batches: int) -> float:
    """Return the batches a second that a loader's workers give, from the first that they begin to the last.

    Batches that were made while the workers started, of which there are several for each of them, do not count.

    Args:
        loader: dataloader with workers.
        num_batches: least number of batches; workers get four each, and batches are read again where an epoch is short.
    """
    num_wanted = max(num_batches, 4 * loader.num_workers)
    batch_sampler: Any = loader.batch_sampler
    rows = list(islice(batch_sampler, num_wanted))
    rows *= -(-num_wanted // len(rows))
    repeated = DataLoader(
        loader.dataset,
        batch_sampler=rows,
        num_workers=loader.num_workers,
        collate_fn=loader.collate_fn,
        pin_memory=loader.pin_memory,
        worker_init_fn=loader.worker_init_fn,
        multiprocessing_context=loader.multiprocessing_context,
        prefetch_factor=loader.prefetch_factor,
        persistent_workers=True,
    )
    for _ in repeated:  # the workers start, and files are in the cache as later in a training
        pass
    start = perf_counter()
    for _ in repeated:
        pass
    return len(rows) / (perf_counter() - start)


def _synchronize() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()

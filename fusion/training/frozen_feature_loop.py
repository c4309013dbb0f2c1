"""Training of what follows frozen encoders, on features that are computed once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.dataset import DefaultSampler
from mmengine.dist import get_world_size
from mmengine.logging import print_log
from mmengine.runner import EpochBasedTrainLoop, Runner
from torch.utils.data import DataLoader

from triad.fusion.models import Recognizer
from triad.fusion.training.frozen_features import (
    FeatureDataset,
    Table,
    collate_features,
    encode_table,
    read_table,
    save_table,
    table_key,
)
from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import fail
from triad.modalities.registry import LOOPS


@LOOPS.register_module()
class FrozenFeatureLoop(EpochBasedTrainLoop):
    """Training of fusion modules and heads on the features of frozen encoders.

    The features of every training sample are computed ``passes`` times before the first epoch, each with another draw
    of times and augmentation; epochs take the passes in turn. The result is a checkpoint as any other.

    Args:
        max_epochs: number of epochs.
        passes: number of passes over the training samples.
        cache: folder in which features are kept for other trainings of the same encoders; None keeps none.
        val_interval: epochs between validations, which run the encoders.

    Raises:
        InputError: If there are several processes or ``passes`` is below 1; when it runs, if an encoder is not frozen.
    """

    def __init__(
        self,
        runner: Runner,
        dataloader: DataLoader | dict[str, Any],
        *,
        max_epochs: int,
        passes: int = 1,
        cache: str | None = None,
        val_interval: int = 1,
    ) -> None:
        if passes < 1:
            fail("FrozenFeatureLoop.passes", "be at least 1", passes)
        if get_world_size() > 1:
            fail("FrozenFeatureLoop", "run in one process", get_world_size(), "start it without a launcher")
        super().__init__(runner, dataloader, max_epochs=max_epochs, val_interval=val_interval)
        self.passes = passes
        self.cache = None if cache is None else Path(cache)

    def run(self) -> Any:
        """Compute or read the features, then train on them."""
        model: Recognizer = self.runner.model
        if trained := sorted(set(model.streams) - set(model.frozen)):
            cure = "add them to model.frozen, or train with mmengine's EpochBasedTrainLoop"
            fail("encoders of FrozenFeatureLoop", "all be frozen", f"{', '.join(trained)} trained", cure)
        if model.paired is not None:
            cure = "train with mmengine's EpochBasedTrainLoop"
            fail("model of FrozenFeatureLoop", "not pair encoders, which learn with each other", "one that does", cure)
        settings = self.runner.cfg.train_dataloader
        tables = encode_passes(
            model, settings, range(self.passes), seed=self.runner.seed, training=True, cache=self.cache
        )
        clips: Any = self.dataloader.dataset  # type: ignore[has-type]
        dataset = FeatureDataset(tables, clips, seed=self.runner.seed)
        self.dataloader = Runner.build_dataloader(
            {
                **settings,
                "dataset": dataset,
                "num_workers": 0,
                "persistent_workers": False,
                "collate_fn": collate_features,
            },
            seed=self.runner.seed,
        )
        return super().run()


def encode_passes(
    model: Recognizer,
    dataloader: Mapping[str, Any],
    passes: range,
    *,
    seed: int,
    training: bool,
    cache: Path | None = None,
) -> list[Table]:
    """Return one table of features a pass over the samples of a dataloader, in the order of its dataset.

    Args:
        model: recognizer whose encoders make the features; it is left in evaluation mode.
        dataloader: config of the dataloader.
        passes: numbers of the passes; each draws times and augmentation as the epoch of that number.
        seed: seed of the draws.
        training: whether the samples are augmented and streams of training alone are encoded.
        cache: folder in which tables are kept; None keeps none.
    """
    mode = model.training
    model.eval()
    loader: DataLoader[Any] | None = None
    tables = []
    for number in passes:
        path = None
        if cache is not None:
            options = {**dict(dataloader["dataset"]), "seed": seed, "pass": number, "training": training}
            path = cache / f"{table_key(model, _names(options), _index_digest(options))}.pth"
            if path.exists():
                tables.append(read_table(path))
                continue
        if loader is None:
            sampler = {"type": DefaultSampler, "shuffle": False}
            loader = Runner.build_dataloader({**dataloader, "sampler": sampler, "drop_last": False}, seed=seed)
        dataset: Any = loader.dataset
        dataset.set_epoch(number, seed)
        print_log(f"features of frozen encoders: pass {number + 1} of {len(passes)}", logger="current")
        tables.append(encode_table(model, loader, training=training))
        if path is not None:
            save_table(path, tables[-1])
    model.train(mode)
    return tables


def _names(node: Any) -> Any:
    """Return settings with classes by name, so that equal ones read equal."""
    if isinstance(node, Mapping):
        return {key: _names(value) for key, value in sorted(node.items())}
    if isinstance(node, list | tuple):
        return [_names(item) for item in node]
    return f"{node.__module__}.{node.__qualname__}" if isinstance(node, type) else node


def _index_digest(options: Mapping[str, Any]) -> str:
    path = Path(options["index"])
    return sha256_of(path / "index.json" if path.is_dir() else path)

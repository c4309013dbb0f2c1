"""One config for every tool: read, changed by options, fitted to a dataset or a checkpoint, and checked.

A leaf names its ``streams`` (reader, number of frames, transform and encoder of each) and its ``data`` (index and
protocol) once and hands both to the model and the dataloaders, so that mmengine's own Runner takes it as it is. A model
that takes no streams, as an estimator of flow, has a leaf without them (``configs/estimators``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mmengine.config import Config, ConfigDict

from triad.fusion.datasets import DATASETS, get_protocol, get_protocols, narrow
from triad.fusion.heads import CROSS_ENTROPY
from triad.fusion.index import check_source, load_index, source_of
from triad.fusion.training.config.config_checks import LOADERS, check_fields
from triad.fusion.training.config.feature_channels import fit_channels
from triad.fusion.training.config.layouts import check_dimensions, check_layouts, fit_layout
from triad.fusion.training.config.loading import load_config
from triad.modalities.checks import check_choice, fail


def build_config(
    path: str | Path | Config,
    *,
    options: Sequence[str] = (),
    data: str | Path | Sequence[str | Path] | None = None,
    num_classes: int | None = None,
    layouts: Mapping[str, str] | None = None,
    seed: int | None = None,
    work_dir: str | Path | None = None,
    launcher: str = "none",
) -> Config:
    """Return a config that mmengine's Runner takes.

    In the result, ``streams`` of the config, of its model and of its datasets are one object: changing one changes all.

    Args:
        path: path of a leaf, or of the config that training left in a work folder; or the config of a checkpoint.
        options: ``key.to.field=value``, applied first.
        data: folder of a prepared dataset, from which index, protocol, classes and layouts are taken; several folders
            for a config whose ``data`` have ``sources``.
        num_classes: number of classes of the model, where a checkpoint and not a dataset says so.
        layouts: joint layout of each skeleton stream, where a checkpoint says so; streams that convert keep theirs.
        seed: seed of all randomness, instead of the config's.
        work_dir: folder of checkpoints and logs.
        launcher: launcher of distributed training: none, pytorch, slurm or mpi.

    Raises:
        InputError: If the file is no config, a field or an option is misspelt, or the dataset does not fit.
    """
    config = load_config(path, options)
    if data is not None:
        _apply_datasets(config, [data] if isinstance(data, str | Path) else list(data))
    if num_classes is not None:
        config.model["num_classes"] = num_classes
    for name, layout in (layouts or {}).items():
        if name in config.streams and config.streams[name]["reader"].get("convert_from") is None:
            fit_layout(name, config.streams[name], layout)
    if seed is not None:
        config.randomness["seed"] = seed
    if work_dir is not None:
        config.work_dir = str(work_dir)
    config.launcher = launcher
    share_streams(config)
    check_layouts(config.get("streams", {}))
    check_fields(config)
    return config


def share_streams(config: Config) -> None:
    """Let the model and the datasets of a config read ``streams`` and ``data`` from the config itself."""
    for loader in LOADERS:
        if config.get(loader) is not None:
            config[loader]["dataset"].update(ConfigDict(config.data))
            if "streams" in config:
                config[loader]["dataset"]["streams"] = config.streams
    if "streams" in config:
        config.model["streams"] = config.streams
    share_labels(config)


def has_multi_label_loss(config: Config) -> bool:
    """Return whether the loss of a recognizer's config is one of samples that may show several classes."""
    return config.model.get("loss", CROSS_ENTROPY) != CROSS_ENTROPY


def share_labels(config: Config) -> None:
    """Let datasets read several labels a sample or one, as the loss needs it, and the metric of these choose."""
    if "streams" not in config:
        return
    several = has_multi_label_loss(config)
    for loader in LOADERS:
        dataset = (config.get(loader) or {}).get("dataset")
        if dataset is not None and (several or dataset.get("multi_label")):
            dataset["multi_label"] = several
    checkpoint = config.get("default_hooks", {}).get("checkpoint") or {}
    metrics = ("mean_class_accuracy", "mean_average_precision")
    if checkpoint.get("save_best") in metrics:
        checkpoint["save_best"] = metrics[several]


def _apply_datasets(config: Config, folders: Sequence[str | Path]) -> None:
    if "sources" in config.data:
        config.data["sources"] = [str(Path(folder)) for folder in folders]
        return
    if len(folders) != 1:
        fail(f"--data of config '{config.filename}'", "name one prepared dataset", f"{len(folders)}")
    _apply_dataset(config, folders[0])


def _apply_dataset(config: Config, folder: str | Path) -> None:
    index = load_index(folder)
    custom = index.metainfo.get("protocol")  # of custom recordings, whose preparation made the protocol
    protocols = custom.get("names", [custom["name"]]) if custom else list(get_protocols(index.dataset))
    if config.data["protocol"] not in protocols:
        if not protocols:
            fail(f"dataset '{index.dataset}'", "have a protocol", "none")
        if not any(config.data["protocol"] in get_protocols(name) for name in DATASETS):
            check_choice(f"protocol of {index.dataset}", config.data["protocol"], protocols)
        config.data["protocol"] = protocols[0]
    config.data["index"] = str(Path(folder))
    if "streams" not in config:
        return
    config.model["num_classes"] = len(narrow(index, get_protocol(index.dataset, config.data["protocol"])).classes)
    for name, stream in config.streams.items():
        source = source_of(name, stream)
        if stream.get("train_only") and source not in index.metainfo["streams"]:
            continue  # a test does without it; the training dataset asks for it
        check_source(name, source, index)
        layout = index.metainfo["streams"][source].get("layout")
        if layout is not None:
            check_dimensions(name, stream, layout, f"'{source}' in '{folder}'")
            fit_layout(name, stream, layout)
    fit_channels(config.streams, index)

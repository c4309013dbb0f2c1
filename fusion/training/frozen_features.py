"""Features of frozen encoders, computed once and kept: what follows the encoders then trains in seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad
from torch.utils.data import Dataset

from triad.fusion.data import ActionDataset, SharedEpoch, draw_dropped
from triad.fusion.models import FEATURES, Recognizer, StreamFeatures, scatter
from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import fail
from triad.modalities.safe_load import read_tensors

Table = dict[str, Any]
"""Features of all samples of one pass over a split: ``{"id", "label", "number", "span", "streams": {stream: {"map",
"valid", "present"[, "pooled"][, "places", "visible"]}}}``, tensors ``[N, …]``, zero where a sample lacks the stream."""


@torch.no_grad()
def encode_table(model: Recognizer, batches: Iterable[Mapping[str, Any]], *, training: bool) -> Table:
    """Return the features of all samples of a loader, maps in half precision.

    Args:
        model: recognizer in evaluation mode.
        batches: batches of the loader.
        training: whether streams of training alone are encoded too.

    Raises:
        InputError: If the model has a paired encoder, whose connections would never be trained.
    """
    if model.paired is not None:
        cure = "train it as a whole"
        fail("model on frozen features", "have encoders that do not exchange maps", type(model.paired).__name__, cure)
    tables: list[Table] = []
    names = model.streams if training else model.test_streams
    for batch in batches:
        prepared = model.data_preprocessor(batch, training)["batch"]
        features, _ = model.encode(prepared, names)
        streams = {name: _full_rows(features.get(name), prepared[name]) for name in names}
        tables.append({"id": list(batch["id"]), **{key: batch[key] for key in ("label", "number", "span")}} | streams)
    return {
        "id": [name for table in tables for name in table["id"]],
        **{key: torch.cat([table[key] for table in tables]) for key in ("label", "number", "span")},
        "streams": {name: _concatenate([table[name] for table in tables]) for name in names},
    }


def _full_rows(features: StreamFeatures | None, entry: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of one stream for all samples of a batch, zero where a sample lacks it; ``[B, …]`` each."""
    present = entry["present"]
    fields: dict[str, Tensor] = {}
    if "places" in entry:
        fields = {"places": entry["places"].half().cpu(), "visible": entry["visible"].cpu()}
    if features is not None:
        values = {"map": features.map.half(), "valid": features.valid, "pooled": features.pooled}
        for key, value in values.items():
            if value is not None:
                fields[key] = scatter(value, features.rows, len(present)).cpu()
    return {**fields, "present": present.cpu()}


def _concatenate(entries: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Join the batches of one stream; batches without it become zeros, and persons are padded with absent ones."""
    joined = {}
    for key in sorted({key for entry in entries for key in entry}):
        stored = [entry[key] for entry in entries if key in entry]
        sizes = [max(axis) for axis in zip(*(tensor.shape[1:] for tensor in stored), strict=True)]
        rows = [entry.get(key, stored[0].new_zeros(len(entry["present"]), *sizes)) for entry in entries]
        joined[key] = torch.cat([_grow(tensor, sizes) for tensor in rows])
    return joined


def _grow(tensor: Tensor, sizes: Sequence[int]) -> Tensor:
    missing = [size - length for size, length in zip(sizes, tensor.shape[1:], strict=True)]
    if not any(missing):
        return tensor
    return pad(tensor, [amount for axis in reversed(missing) for amount in (0, axis)])


class FeatureDataset(Dataset):
    """Dataset of features; a sample comes from one of several passes, in turn with the epochs.

    Args:
        tables: one table a pass, of the same samples in the same order.
        dataset: dataset that was encoded, for its classes and its modality dropout.
        seed: seed of modality dropout.
    """

    def __init__(self, tables: Sequence[Table], dataset: ActionDataset, *, seed: int = 0) -> None:
        self.tables = list(tables)
        self.metainfo = dataset.metainfo
        self.labels = dataset.labels
        self.class_counts = dataset.class_counts
        self.records = dataset.records
        self.modality_dropout = dataset.modality_dropout if dataset.augmentation is not None else {}
        self._epoch = SharedEpoch(seed)

    def set_epoch(self, epoch: int, seed: int | None = None) -> None:
        """Take the features of another pass from now on, and drop other streams."""
        self._epoch.set(epoch, seed)

    def __len__(self) -> int:
        return len(self.tables[0]["id"])

    def __getitem__(self, position: int) -> dict[str, Any]:
        table = self.tables[(self._epoch.epoch + position) % len(self.tables)]
        streams = {
            name: {key: tensor[position] for key, tensor in stream.items()} for name, stream in table["streams"].items()
        }
        if self.modality_dropout:
            present = {name: bool(stream["present"]) for name, stream in streams.items()}
            rng = self._epoch.rng(table["id"][position], "streams")
            for name in draw_dropped(self.modality_dropout, present, rng):
                streams[name]["present"] = torch.tensor(False)
        row = {key: table[key][position] for key in ("id", "label", "number", "span")}
        return {**row, "streams": streams}


def collate_features(samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a batch of features, which :class:`~triad.fusion.models.Recognizer` takes in place of clips."""
    batch: dict[str, Any] = {"id": [sample["id"] for sample in samples], "view": {}, FEATURES: {}}
    batch |= {key: torch.stack([sample[key] for sample in samples]) for key in ("label", "number", "span")}
    for name, first in samples[0]["streams"].items():
        stacked = {key: torch.stack([sample["streams"][name][key] for sample in samples]) for key in first}
        stacked = {key: value.float() if value.dtype == torch.half else value for key, value in stacked.items()}
        batch[FEATURES][name] = {key: stacked[key] for key in stacked if key not in ("places", "visible")}
        batch[name] = {key: stacked[key] for key in ("present", "places", "visible") if key in stacked}
    return batch


def table_key(model: Recognizer, settings: Mapping[str, Any], index_digest: str) -> str:
    """Return the name of a table's file: a digest of all that its values depend on.

    Args:
        model: recognizer whose encoders make the features.
        settings: settings of streams, sampler, augmentation, split, seed and pass.
        index_digest: digest of the dataset's index.
    """
    digest = hashlib.sha256(f"{sorted(settings.items())!r} {index_digest} {model.data_preprocessor.places_of}".encode())
    for name, tensor in model.encoders.state_dict().items():
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.detach().cpu().float().numpy()).tobytes())
    return digest.hexdigest()[:32]


def save_table(path: Path, table: Table) -> None:
    """Write a table; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as temporary:
        torch.save(table, temporary)


def read_table(path: Path) -> Table:
    """Read a table that :func:`save_table` wrote.

    Raises:
        InputError: If the file is damaged.
    """
    table: Table = read_tensors(path, subject="features", cure="delete the file; it is computed again")
    return table

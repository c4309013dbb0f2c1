"""Samples in which every stream shows the same span and the same view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch.utils.data import Dataset

from fusion.data.temporal_sampler import TemporalSampler
from fusion.datasets.protocols import get_protocol, narrow, select
from fusion.index.index import Index, Record, extent_of, load_index
from fusion.index.packed_records import PackedRecords
from fusion.index.stream_sources import check_source, source_of
from modalities.augmentation import RandomSpatialAugmentation, SpatialAugmentation
from modalities.checks import InputError
from modalities.clips import FlowClip, PoseClip, RgbClip
from modalities.registry import DATASETS
from modalities.sampling import Span
from modalities.seeding import derive_rng
from modalities.skeleton.reader import PoseReader
from modalities.source import Source

Clip = RgbClip | FlowClip | PoseClip


class Reader(Protocol):
    """Reads one stream: the entries on display at given times."""

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> Clip: ...

    def blank(self, times: np.ndarray) -> Clip:
        """A clip of nothing, for a record that lacks the stream."""
        ...


@dataclass(frozen=True)
class Sample:
    """One view of one record: a clip a stream (None where it lacks), all within ``span`` and seen through ``view``."""

    id: str
    label: int
    number: int
    span: Span
    view: SpatialAugmentation
    clips: dict[str, Clip]
    present: dict[str, bool]


@DATASETS.register_module()
class ActionDataset(Dataset):
    """The records of one split, as samples.

    Randomness comes from ``(seed, epoch, id)`` and nothing else, so that any worker at any time draws the same.

    Args:
        index: ``index.json`` or its folder.
        protocol: name of the protocol, see ``fusion.datasets.protocols``.
        split: ``train``, ``val``, ``test`` or ``train+val``.
        streams: ``{name: {"reader": Reader, "num_frames": times in a span}}``; ``"source"`` where the stream reads what
            the index calls otherwise, as ``skeleton_bone`` reads ``skeleton``.
        temporal_sampler: how spans are drawn.
        augmentation: how views are drawn; None shows the whole canvas and takes the centres of segments (test time).
        seed: of all randomness.

    Raises:
        InputError: if the index, protocol, split or a stream does not fit; when read, if a file is damaged.
    """

    def __init__(
        self,
        *,
        index: str | Path,
        protocol: str,
        split: str,
        streams: Mapping[str, Mapping[str, Any]],
        temporal_sampler: TemporalSampler | Mapping[str, Any] | None = None,
        augmentation: RandomSpatialAugmentation | Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> None:
        whole = load_index(index)
        rule = get_protocol(whole.dataset, protocol)
        self.index = narrow(whole, rule)
        self.sources = {name: source_of(name, spec) for name, spec in streams.items()}
        for name, source in self.sources.items():
            check_source(name, source, self.index)
        records = select(self.index.records, rule, split)
        self.records = PackedRecords(records)
        self._labels = np.array([_label_of(record) for record in records])
        self.index = replace(self.index, records=[])  # workers share what they do not touch
        self.readers: dict[str, Reader] = {name: build_from_config(spec["reader"]) for name, spec in streams.items()}
        for name, reader in self.readers.items():
            layout = self.index.metainfo["streams"][self.sources[name]].get("layout")
            if isinstance(reader, PoseReader) and layout is not None:
                reader.check_stored(f"layout of stream '{name}' in '{self.index.root}'", layout)
        self.num_frames: dict[str, int] = {name: spec["num_frames"] for name, spec in streams.items()}
        self.temporal_sampler: TemporalSampler = (
            build_from_config(temporal_sampler) if temporal_sampler is not None else TemporalSampler()
        )
        self.augmentation: RandomSpatialAugmentation | None = build_from_config(augmentation)
        self.seed = seed
        # in shared memory, so that workers that live through epochs see it change
        self._epoch = torch.zeros(1, dtype=torch.int64).share_memory_()

    @property
    def metainfo(self) -> dict[str, Any]:
        return self.index.metainfo

    @property
    def labels(self) -> np.ndarray:
        """Int ``[len]``, −1 where there is none; known without reading a sample."""
        return np.repeat(self._labels, self.num_clips)

    @property
    def class_counts(self) -> np.ndarray:
        """``[K]`` how many samples of each class this split has."""
        labels = self.labels
        return np.bincount(labels[labels >= 0], minlength=len(self.metainfo["classes"]))

    @property
    def num_clips(self) -> int:
        return self.temporal_sampler.num_clips if self.augmentation is None else 1

    def set_epoch(self, epoch: int) -> None:
        """Draw other views from now on; called by the training hook."""
        self._epoch.fill_(epoch)

    def __len__(self) -> int:
        return len(self.records) * self.num_clips

    def __getitem__(self, position: int) -> Sample:
        return self.sample(self.records[position // self.num_clips], position % self.num_clips)

    def sample(self, record: Record, number: int) -> Sample:
        """View ``number`` of a record of the index, of this split or not.

        Raises:
            InputError: if a file is missing or damaged.
        """
        extent = extent_of(record)
        rng = None
        if self.augmentation is None:
            span, view = self.temporal_sampler.view(extent, number), SpatialAugmentation()
        else:
            rng = derive_rng(self.seed, int(self._epoch), record["id"])
            span, view = self.temporal_sampler.random(extent, rng), self.augmentation(rng)
        clips: dict[str, Clip] = {}
        present: dict[str, bool] = {}
        for name, reader in self.readers.items():
            own = None if rng is None else derive_rng(self.seed, int(self._epoch), record["id"], self.num_frames[name])
            times, valid = self.temporal_sampler.times(span, extent, self.num_frames[name], own, number)
            source = self.sources[name]
            present[name] = source in record["sources"]
            clips[name] = read_clip(self.index, record, source, reader, times, valid)
        return Sample(record["id"], _label_of(record), number, span, view, clips, present)


def read_clip(index: Index, record: Record, stream: str, reader: Reader, times: np.ndarray, valid: np.ndarray) -> Clip:
    """One stream of the index, of a record at ``times``; blank where the record lacks it.

    Raises:
        InputError: naming stream and clip, if the file is missing or damaged.
    """
    source = index.source(record, stream)
    try:
        return reader.blank(times) if source is None else reader.read(source, times, valid)
    except InputError as error:
        raise InputError(f"stream '{stream}' of clip '{record['id']}': {error}") from error


def _label_of(record: Record) -> int:
    return -1 if record["label"] is None else record["label"]


def build_from_config(spec: Any) -> Any:
    """An object, or the one that a config's ``{type, …}`` describes."""
    if not isinstance(spec, Mapping):
        return spec
    arguments = {key: value for key, value in spec.items() if key != "type"}  # items() resolves a config's lazy classes
    return spec["type"](**arguments)

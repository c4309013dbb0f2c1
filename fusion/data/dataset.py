"""Samples in which every stream shows the same span of time and the same spatial augmentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from torch.utils.data import Dataset

from fusion.data.shared_epoch import SharedEpoch
from fusion.data.temporal_sampler import TemporalSampler, longest_stack
from fusion.datasets import get_protocol, narrow, select
from fusion.index import Index, PackedRecords, Record, check_source, clock_of, extent_of, load_index, source_of
from modalities.augmentation import RandomSpatialAugmentation, SpatialAugmentation
from modalities.checks import InputError, fail
from modalities.clips import Clip, Reader, Span
from modalities.registry import DATASETS, TRANSFORMS


@dataclass(frozen=True)
class Sample:
    """One temporal clip of one record, with one clip a stream.

    Attributes:
        id: id of the record.
        label: class index; −1 where there is none.
        number: number of the temporal clip within the record.
        span: seconds that all streams cover.
        view: spatial augmentation that all streams share.
        clips: clip of each stream; an empty one where the record lacks the stream.
        present: whether the record has the stream.
    """

    id: str
    label: int
    number: int
    span: Span
    view: SpatialAugmentation
    clips: dict[str, Clip]
    present: dict[str, bool]


@DATASETS.register_module()
class ActionDataset(Dataset):
    """Dataset of the records of one split.

    Randomness comes from ``(seed, epoch, id)`` and nothing else, so that any worker at any time draws the same.

    Args:
        index: path of ``index.json`` or of its folder.
        protocol: name of the protocol, see :mod:`fusion.datasets`.
        split: ``train``, ``val``, ``test`` or ``train+val``.
        streams: ``{name: {"reader", "num_frames"}}``: reader (a config or an object) and number of times in a span;
            ``"source"`` where the index calls the stream otherwise, as ``skeleton_bone`` reads ``skeleton``. Other
            keys belong to the model.
        temporal_sampler: sampler of spans and times, a config or an object.
        augmentation: random spatial augmentation, a config or an object; None (test time) shows whole frames and takes
            times evenly.
        seed: seed of all randomness; training sets it from the runner's.

    Raises:
        InputError: If the index, protocol, split or a stream does not fit; on reading, if a file is damaged.
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
        whole_index = load_index(index)
        rule = get_protocol(whole_index.dataset, protocol)
        narrowed = narrow(whole_index, rule)
        self.sources = {name: source_of(name, stream) for name, stream in streams.items()}
        for name, source in self.sources.items():
            check_source(name, source, narrowed)
        records = select(narrowed.records, rule, split)
        self.records = PackedRecords(records)
        self._labels = np.array([_label_of(record) for record in records])
        self.index = replace(narrowed, records=[])  # workers share what they do not touch
        self.readers: dict[str, Reader] = {name: _build(stream["reader"]) for name, stream in streams.items()}
        for name, reader in self.readers.items():
            info = self.index.metainfo["streams"][self.sources[name]]
            reader.check_stored(f"stream '{name}' in '{self.index.root}'", info)
        self.num_frames: dict[str, int] = {name: stream["num_frames"] for name, stream in streams.items()}
        self.stack = longest_stack(self.readers.values())
        self.temporal_sampler: TemporalSampler = _build(temporal_sampler) or TemporalSampler()
        self.augmentation: RandomSpatialAugmentation | None = _build(augmentation)
        if self.augmentation is None and self.temporal_sampler.policy == "segments":
            fail("TemporalSampler.policy of a test", "not be random", "'segments'", "use 'uniform'")
        self._epoch = SharedEpoch(seed)

    @property
    def metainfo(self) -> dict[str, Any]:
        return self.index.metainfo

    @property
    def labels(self) -> np.ndarray:
        """Int ``[len]``, −1 where there is none; known without reading a sample."""
        return np.repeat(self._labels, self.num_clips)

    @property
    def class_counts(self) -> np.ndarray:
        """Number of samples of each class in this split, ``[K]``."""
        labels = self.labels
        return np.bincount(labels[labels >= 0], minlength=len(self.metainfo["classes"]))

    @property
    def num_clips(self) -> int:
        """Temporal clips of a record: one in training."""
        return self.temporal_sampler.num_clips if self.augmentation is None else 1

    def set_epoch(self, epoch: int, seed: int | None = None) -> None:
        """Draw other spans and augmentations from now on; called by the training hook."""
        self._epoch.set(epoch, seed)

    def __len__(self) -> int:
        return len(self.records) * self.num_clips

    def __getitem__(self, position: int) -> Sample:
        return self.sample(self.records[position // self.num_clips], position % self.num_clips)

    def sample(self, record: Record, number: int) -> Sample:
        """Return temporal clip ``number`` of a record of the index, of this split or not.

        Raises:
            InputError: If a file is missing or damaged.
        """
        extent = extent_of(record)
        clock = clock_of(record) if self.temporal_sampler.counts_frames else None
        if self.augmentation is None:
            span = self.temporal_sampler.clip_span(extent, number, clock)
            view = SpatialAugmentation()
        else:
            rng = self._epoch.rng(record["id"])
            span = self.temporal_sampler.random_span(extent, rng, clock)
            view = self.augmentation(rng)
        clips: dict[str, Clip] = {}
        present: dict[str, bool] = {}
        for name, reader in self.readers.items():
            num_frames = self.num_frames[name]
            time_rng = self._epoch.rng(record["id"], num_frames) if self.augmentation is not None else None
            times, valid = self.temporal_sampler.times(
                span,
                num_frames,
                time_rng,
                number,
                extent=extent,
                clock=clock,
                stack=self.stack,
            )
            source = self.sources[name]
            present[name] = source in record["sources"]
            clips[name] = read_clip(self.index, record, source, reader, times, valid)
        return Sample(record["id"], _label_of(record), number, span, view, clips, present)


def read_clip(index: Index, record: Record, stream: str, reader: Reader, times: np.ndarray, valid: np.ndarray) -> Clip:
    """Read one stream of a record at ``times``; return an empty clip where the record lacks it.

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


def _build(spec: Any) -> Any:
    """Return an object, or build the one that a config describes."""
    return TRANSFORMS.build(spec) if isinstance(spec, Mapping) else spec

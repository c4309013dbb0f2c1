"""Samples in which every stream shows the same span of time and the same spatial augmentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from torch.utils.data import Dataset

from triad.fusion.data.corruptions import Corruption, build_corruption
from triad.fusion.data.crop_sizes import crop_reader, crop_sizes
from triad.fusion.data.modality_dropout import check_modality_dropout, draw_dropped
from triad.fusion.data.multi_label_targets import MultiLabelTargets
from triad.fusion.data.shared_epoch import SharedEpoch
from triad.fusion.data.spatial_views import shared_frame_size, spatial_views
from triad.fusion.data.temporal_sampler import TemporalSampler, longest_stack
from triad.fusion.data.twin_streams import find_twins
from triad.fusion.datasets import get_protocol, narrow, select
from triad.fusion.index import (
    Index,
    PackedRecords,
    Record,
    check_source,
    clock_of,
    extent_of,
    load_index,
    single_label,
    source_of,
)
from triad.modalities.augmentation import RandomSpatialAugmentation, SpatialAugmentation
from triad.modalities.checks import InputError, fail
from triad.modalities.clips import Clip, Reader, Source, Span
from triad.modalities.crop_views import CropViews
from triad.modalities.registry import DATASETS, TRANSFORMS
from triad.modalities.seeding import derive_rng


@dataclass(frozen=True)
class Sample:
    """One view of one record, a temporal clip and a crop, with one clip a stream.

    Attributes:
        id: id of the record.
        label: class index, −1 where there is none; of a multi-label dataset zeros and ones, ``[K]``, −1 where nothing
            is known.
        number: number of the view within the record: all crops of the first temporal clip, then of the next.
        span: seconds that all streams cover.
        view: spatial augmentation, or crop of a test, that all streams share.
        clips: clip of each stream; an empty one where the record lacks the stream.
        present: whether the record has the stream.
    """

    id: str
    label: int | np.ndarray
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
        protocol: name of the protocol, see :mod:`triad.fusion.datasets`.
        split: ``train``, ``val``, ``test`` or ``train+val``.
        streams: ``{name: {"reader", "num_frames"}}``: reader (a config or an object) and number of times in a span;
            ``"source"`` where the index calls the stream otherwise, as ``skeleton_bone`` reads ``skeleton``;
            ``"train_only"`` streams are not read on ``val`` and ``test``, which may lack them. Pictures of a
            training sample are cropped on reading to the size of ``"transform"``. Other keys belong to the model.
        temporal_sampler: sampler of spans and times, a config or an object.
        augmentation: random spatial augmentation, a config or an object; None (test time) shows whole frames and takes
            times evenly.
        crop_views: crops that a test takes of each temporal clip instead of the whole frame, a config or an object.
        modality_dropout: ``{stream: probability}`` with which a training sample is read without the stream; the last
            stream that a sample has is never dropped.
        corrupt: corruption of every sample, ``{"kind", "amount"[, "streams"]}`` or an object, see
            :mod:`triad.fusion.data.corruptions`; the same in every epoch.
        multi_label: whether a sample may show several classes: those of its record, and of all segments of its video
            that fill half of the span that is read, or lie in it with half of theirs.
        seed: seed of all randomness; training sets it from the runner's.

    Raises:
        InputError: If the index, protocol, split, a stream or a crop does not fit; on reading, if a file is damaged.
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
        crop_views: CropViews | Mapping[str, Any] | None = None,
        modality_dropout: Mapping[str, float] | None = None,
        corrupt: Corruption | Mapping[str, Any] | None = None,
        multi_label: bool = False,
        seed: int = 0,
    ) -> None:
        whole_index = load_index(index)
        rule = get_protocol(whole_index.dataset, protocol)
        narrowed = narrow(whole_index, rule)
        if not split.startswith("train"):
            streams = {name: stream for name, stream in streams.items() if not stream.get("train_only")}
        self.sources = {name: source_of(name, stream) for name, stream in streams.items()}
        for name, source in self.sources.items():
            check_source(name, source, narrowed)
        records = select(narrowed.records, rule, split)
        self.records = PackedRecords(records)
        self.multi_label = multi_label
        self._targets = MultiLabelTargets(narrowed.records, len(narrowed.classes)) if multi_label else None
        self.index = replace(narrowed, records=[])  # workers share what they do not touch
        self.readers: dict[str, Reader] = {name: _build(stream["reader"]) for name, stream in streams.items()}
        for name, reader in self.readers.items():
            info = self.index.metainfo["streams"][self.sources[name]]
            if info["modality"] != reader.modality:
                subject = f"reader of stream '{name}'"
                got = f"one of {reader.modality}"
                must = f"be one of {info['modality']}, which '{self.sources[name]}' in '{self.index.root}' is"
                fail(subject, must, got, "name another source in the config")
            reader.check_stored(f"stream '{name}' in '{self.index.root}'", info)
        self.num_frames: dict[str, int] = {name: stream["num_frames"] for name, stream in streams.items()}
        self.stack = longest_stack(self.readers.values())
        self.temporal_sampler: TemporalSampler = _build(temporal_sampler) or TemporalSampler()
        self.augmentation: RandomSpatialAugmentation | None = _build(augmentation)
        if self.augmentation is None and self.temporal_sampler.policy == "segments":
            fail("TemporalSampler.policy of a test", "not be random", "'segments'", "use 'uniform'")
        if self.augmentation is not None and crop_views is not None:
            fail("ActionDataset.crop_views", "be None beside an augmentation", "both", "crop at random or at test")
        self.modality_dropout = check_modality_dropout(modality_dropout or {}, list(streams))
        self.corruption = build_corruption(corrupt, {name: reader.modality for name, reader in self.readers.items()})
        self._twins = find_twins(self.sources, streams, self.corruption.streams if self.corruption is not None else ())
        self._crop_sizes = crop_sizes(streams, self.readers, self._twins) if self.augmentation is not None else {}
        self.frame_size = None
        if self.augmentation is not None and self.augmentation.aspect is not None:
            self.frame_size = shared_frame_size(self.readers)
        self.views = spatial_views(_build(crop_views), self.readers)
        self._clips: dict[str, Clip] = {}  # of the temporal clip whose crops are being read
        self._clips_of: tuple[str, int] | None = None
        self._epoch = SharedEpoch(seed)

    @property
    def metainfo(self) -> dict[str, Any]:
        return self.index.metainfo

    @cached_property
    def _labels(self) -> np.ndarray:
        """Label of each record; windows of a video are read without asking for them."""
        return np.array([self._label_of(record, extent_of(record)) for record in self.records])

    @property
    def labels(self) -> np.ndarray:
        """Int ``[len]``, or ``[len, K]`` if multi-label; −1 where there is none; known without reading a sample."""
        return np.repeat(self._labels, self.num_views, axis=0)

    @property
    def class_counts(self) -> np.ndarray:
        """Number of samples of each class in this split, ``[K]``."""
        labels = self.labels
        if self.multi_label:
            return np.maximum(labels, 0).sum(axis=0)
        return np.bincount(labels[labels >= 0], minlength=len(self.metainfo["classes"]))

    @property
    def num_clips(self) -> int:
        """Temporal clips of a record: one in training."""
        return self.temporal_sampler.num_clips if self.augmentation is None else 1

    @property
    def num_views(self) -> int:
        """Samples of a record: temporal clips × crops, one in training."""
        return self.num_clips * len(self.views)

    @property
    def middle_view(self) -> int:
        """Number of the view that pictures show: the centre of the middle temporal clip."""
        return self.num_clips // 2 * len(self.views)

    def set_epoch(self, epoch: int, seed: int | None = None) -> None:
        """Draw other spans and augmentations from now on; called by the training hook."""
        self._epoch.set(epoch, seed)

    def __len__(self) -> int:
        return len(self.records) * self.num_views

    def __getitem__(self, position: int) -> Sample:
        return self.sample(self.records[position // self.num_views], position % self.num_views)

    def sample(self, record: Record, number: int) -> Sample:
        """Return view ``number`` of a record of the index, of this split or not.

        Raises:
            InputError: If a file is missing or damaged.
        """
        extent = extent_of(record)
        clock = clock_of(record) if self.temporal_sampler.counts_frames else None
        clip_number, crop_number = divmod(number, len(self.views))
        if self.augmentation is None:
            span = self.temporal_sampler.clip_span(extent, clip_number, clock)
            view = self.views[crop_number]
        else:
            rng = self._epoch.rng(record["id"])
            span = self.temporal_sampler.random_span(extent, rng, clock)
            view = self.augmentation(rng, self.frame_size)
        present = {name: source in record["sources"] for name, source in self.sources.items()}
        if self.augmentation is not None and self.modality_dropout:
            dropped = draw_dropped(self.modality_dropout, present, self._epoch.rng(record["id"], "streams"))
            present |= dict.fromkeys(dropped, False)
        if self.corruption is not None:
            names = [name for name, there in present.items() if there]
            rng = derive_rng(self._epoch.seed, record["id"], "corruption")
            present |= dict.fromkeys(self.corruption.dropped(names, rng), False)
        key = (record["id"], clip_number)
        if len(self.views) == 1 or self._clips_of != key:
            self._clips = self._read_clips(record, span, clip_number, extent, clock, present, view)
            self._clips_of = key
        clips = dict(self._clips)
        label = self._label_of(record, span if self.augmentation is not None else extent)
        return Sample(record["id"], label, number, span, view, clips, present)

    def _label_of(self, record: Record, span: Span) -> int | np.ndarray:
        """Return the label of a record, of a multi-label dataset in a span of it."""
        if self._targets is not None:
            return self._targets(record, span)
        label = single_label(record, "train with model.loss=bce, focal or asymmetric")
        return -1 if label is None else label

    def _read_clips(
        self,
        record: Record,
        span: Span,
        clip_number: int,
        extent: Span,
        clock: Source | None,
        present: Mapping[str, bool],
        view: SpatialAugmentation,
    ) -> dict[str, Clip]:
        clips: dict[str, Clip] = {}
        for name, reader in self.readers.items():
            twin = self._twins[name]
            if twin in clips and present[twin] == present[name]:
                clips[name] = clips[twin]
                continue
            num_frames = self.num_frames[name]
            time_rng = self._epoch.rng(record["id"], num_frames) if self.augmentation is not None else None
            times, valid = self.temporal_sampler.times(
                span,
                num_frames,
                time_rng,
                clip_number,
                extent=extent,
                clock=clock,
                stack=self.stack,
            )
            if (size := self._crop_sizes.get(name)) is not None:
                reader = crop_reader(reader, view, size)
            if present[name]:
                clips[name] = self._read_clip(record, name, reader, times, valid)
            else:
                clips[name] = reader.blank(times)
        return clips

    def _read_clip(self, record: Record, name: str, reader: Reader, times: np.ndarray, valid: np.ndarray) -> Clip:
        if self.corruption is None:
            return read_clip(self.index, record, self.sources[name], reader, times, valid)
        moved = np.maximum(times + self.corruption.offset(name), 0.0)
        clip: Any = read_clip(self.index, record, self.sources[name], reader, moved, valid)
        rng = derive_rng(self._epoch.seed, record["id"], self.sources[name], "corruption")
        corrupted: Clip = self.corruption(name, replace(clip, times=times), rng)
        return corrupted


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


def _build(spec: Any) -> Any:
    """Return an object, or build the one that a config describes."""
    return TRANSFORMS.build(spec) if isinstance(spec, Mapping) else spec

"""Samples that are whole videos, or random pieces of them, with labels of every step of time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.data.dataset import ActionDataset, Sample, read_clip
from triad.fusion.data.multi_label_targets import UNLABELLED, MultiLabelTargets
from triad.fusion.datasets import SPLITS, get_protocol, narrow
from triad.fusion.index import Index, PackedRecords, Record, group_by_video, load_index, video_duration
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import fail
from triad.modalities.clips import Span
from triad.modalities.registry import DATASETS

MAX_STEPS = 1_000_000
"""Steps of a video: four days at 0.4 s."""
TOLERANCE = 1e-6
"""Seconds by which a video may end after its last step."""


@DATASETS.register_module()
class FrameDataset(ActionDataset):
    """Dataset of the videos of one split, for models that label every step of them.

    Records that are cut from one video are one sample. A video whose records are of several splits is in none.

    Args:
        index: path of ``index.json`` or of its folder.
        protocol: name of the protocol.
        split: ``train``, ``val``, ``test`` or ``train+val``.
        streams: as of :class:`ActionDataset`; ``num_frames`` is the number of steps of a random piece.
        step: seconds of a step; by default from one entry of the first stream to the next.
        random_pieces: whether a sample is a random piece of a video, as in training, or the whole.
        repeats: number of samples of a video in an epoch.
        multi_label: whether a step may show several classes.
        seed: seed of all randomness; training sets it from the runner's.

    Raises:
        InputError: As :class:`ActionDataset`; if there is no step, or a number is below 1; on reading, if a step shows
            several classes and ``multi_label`` is not set.
    """

    def __init__(
        self,
        *,
        index: str | Path,
        protocol: str,
        split: str,
        streams: Mapping[str, Mapping[str, Any]],
        step: float | None = None,
        random_pieces: bool = False,
        repeats: int = 1,
        multi_label: bool = False,
        seed: int = 0,
    ) -> None:
        super().__init__(
            index=index, protocol=protocol, split=split, streams=streams, multi_label=multi_label, seed=seed
        )
        if repeats < 1:
            fail("FrameDataset.repeats", "be at least 1", repeats)
        if len(set(self.num_frames.values())) > 1:
            fail("num_frames of streams with labels of every step", "be equal", self.num_frames)
        rule = get_protocol(self.index.dataset, protocol)
        whole_index = narrow(load_index(index), rule)
        source = self.sources[next(iter(self.sources))]
        self.step = _step_of(whole_index, source) if step is None else step
        if not 0 < self.step < MAX_STEPS:
            fail("FrameDataset.step", "be seconds above 0", self.step)
        self.random_pieces = random_pieces
        self.repeats = repeats
        wanted = set(SPLITS) & set(split.split("+"))
        videos: list[Record] = []
        self.durations: dict[str, float] = {}
        for name, records in group_by_video(whole_index.records).items():
            splits = {rule(record) for record in records}
            if len(splits) == 1 and splits <= wanted:
                first = {key: value for key, value in records[0].items() if key not in ("start", "end")}
                videos.append({**first, "id": name, "label": None})
                self.durations[name] = video_duration(name, records[0], whole_index)
        self.records = PackedRecords(videos)
        self._frame_targets = MultiLabelTargets(whole_index.records, len(whole_index.classes))

    @cached_property
    def _labels(self) -> np.ndarray:
        """Classes of each video, ``[V, K]``, or one of them, ``[V]``."""
        shown = [self._labels_at(record, self._times(record)) for record in self.records]
        if self.multi_label:
            return np.array([labels.max(axis=0, initial=UNLABELLED) for labels in shown])
        return np.array([labels.max(initial=UNLABELLED) for labels in shown])

    @property
    def labels(self) -> np.ndarray:
        """Classes that each sample shows somewhere, int ``[len, K]``; if not multi-label one of them, ``[len]``."""
        return np.repeat(self._labels, self.repeats, axis=0)

    @property
    def class_counts(self) -> np.ndarray:
        """Number of steps of each class in this split, ``[K]``."""
        counts = np.zeros(len(self.metainfo["classes"]), np.int64)
        for record in self.records:
            counts += np.maximum(self._frame_targets.at_times(record, self._times(record)), 0).sum(axis=0)
        return counts

    def __len__(self) -> int:
        return len(self.records) * self.repeats

    def __getitem__(self, position: int) -> Sample:
        return self.sample(self.records[position // self.repeats], position % self.repeats)

    def sample(self, record: Record, number: int) -> Sample:
        """Return a video, or its random piece ``number``, with a label and an entry of every stream for each step.

        Raises:
            InputError: If a file is missing or damaged, or labels overlap where they must not.
        """
        times = self._times(record)
        max_steps = next(iter(self.num_frames.values()))
        if self.random_pieces and len(times) > max_steps:
            first = int(self._epoch.rng(record["id"], number).integers(len(times) - max_steps + 1))
            times = times[first : first + max_steps]
        present = {name: source in record["sources"] for name, source in self.sources.items()}
        valid = np.ones(len(times), bool)
        clips = {
            name: read_clip(self.index, record, self.sources[name], reader, times, valid)
            for name, reader in self.readers.items()
        }
        span = Span(float(times[0]) - self.step / 2, float(times[-1]) + self.step / 2)
        labels = self._labels_at(record, times)
        return Sample(record["id"], labels, 0, span, SpatialAugmentation(), clips, present)

    def _times(self, record: Record) -> np.ndarray:
        """Return the middle of each step of a video, seconds."""
        duration = self.durations[record["id"]]
        num_steps = max(ceil((duration - TOLERANCE) / self.step), 1)
        if num_steps > MAX_STEPS:
            must = f"leave at most {MAX_STEPS:,} steps of '{record['id']}', which lasts {duration:g} s"
            fail("FrameDataset.step", must, f"{self.step:g} s")
        return (np.arange(num_steps) + 0.5) * self.step

    def _labels_at(self, record: Record, times: np.ndarray) -> np.ndarray:
        """Return labels of the steps, int ``[T, K]``, or ``[T]`` with −1 where there is none."""
        labels = self._frame_targets.at_times(record, times)
        if self.multi_label:
            return labels
        if (labels > 0).sum(axis=1, initial=0).max(initial=0) > 1:
            cure = "train with model.loss=bce, focal or asymmetric"
            fail(f"labels of video '{record['id']}'", "be one class at a time", "several at once", cure)
        return np.where((labels > 0).any(axis=1), labels.argmax(axis=1), UNLABELLED)


def _step_of(index: Index, source: str) -> float:
    """Return the seconds from one entry of a stream to the next, of the first record that has it."""
    for record in index.records:
        entry = record["sources"].get(source)
        if entry is not None and entry.get("fps"):
            return 1.0 / float(entry["fps"])
    return fail(f"stream '{source}' of '{index.root}'", "have a constant rate", "none", "give FrameDataset.step")

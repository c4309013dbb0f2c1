"""Extractor of features: a trained network over the windows of one recording."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from triad.fusion.data import ActionDataset, Sample, collate
from triad.fusion.datasets import protocols_of
from triad.fusion.index import Index, Record, clock_of, extent_of
from triad.fusion.inference.feature_extraction.feature_windows import WindowLength, feature_spans
from triad.fusion.inference.feature_extraction.sequential_frames import SequentialFramesReader
from triad.fusion.inference.interfaces import Model
from triad.fusion.inference.sliding_window import choose_sliding_window
from triad.fusion.inference.torch_network import TorchNetwork, open_model
from triad.fusion.training.checkpoints import checkpoint_of
from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import fail
from triad.modalities.clips import Span
from triad.modalities.extraction import Task
from triad.modalities.features import FeatureFiles, StoredFeatures
from triad.modalities.features.feature_file import FORMAT
from triad.modalities.rgb.reader import RgbReader

BATCH_SIZE = 16
"""Windows that the network reads at once."""
MAX_CHANNELS = 10_000
"""Length of a vector that an index may name."""
MAX_VALUES = 2**29
"""Values of the features of one video: 2 GiB."""


class FeatureExtractor(FeatureFiles):
    """Extractor of the vectors that the heads of a trained model read.

    Streams are those of the prepared dataset; a window is read as ``test`` reads a record of its span, and the vectors
    of its test views are averaged. Several streams are concatenated in the order of the model.

    Args:
        checkpoint: path of a checkpoint or of a work folder.
        index: index of the dataset.
        name: name of the stream after ``features_``; by default the names of the model's streams.
        window: length of a window; by default that of the training clips.
        stride: from one window to the next; by default half a window.
        device: device of the network.

    Raises:
        InputError: If the checkpoint is of a model without vectors, or the dataset lacks a stream that it reads.
    """

    def __init__(
        self,
        checkpoint: Path,
        index: Index,
        *,
        name: str | None = None,
        window: WindowLength | None = None,
        stride: WindowLength | None = None,
        device: str = "cpu",
    ) -> None:
        path = checkpoint_of(checkpoint)
        model = open_model(path, device=device)
        network = model.network
        if not isinstance(network, TorchNetwork) or not model.scored_streams:
            cure = "take one with a head on a stream"
            fail(f"model '{checkpoint}'", "have streams with heads of their own", "none", cure)
        self.recognizer = network.recognizer
        self.streams = tuple(model.scored_streams)
        name = "_".join(self.streams) if name is None else name
        if not re.fullmatch(r"[A-Za-z0-9_]+", name):
            fail("--name", "be letters, digits and _", f"'{name}'")
        super().__init__(f"features_{name}")
        self.window = window or WindowLength(choose_sliding_window([model], window=None, stride=None).length)
        self.stride = stride or WindowLength(self.window.value / 2, self.window.in_frames)
        self.index = index
        self.dataset, self._frame_readers = _open_dataset(model, index)
        self.origin = self.dataset.sources[self.streams[0]]
        heads: Any = self.recognizer.heads
        self.channels = sum(heads[stream].fc.in_features for stream in self.streams)
        if self.channels > MAX_CHANNELS:
            cure = "take a model whose head reads fewer, as with temporal_bins=1"
            fail(f"vectors of model '{checkpoint}'", f"have at most {MAX_CHANNELS} channels", self.channels, cure)
        self._checkpoint = sha256_of(path)

    @property
    def provenance(self) -> dict[str, Any]:
        """Everything that decides the result, see :class:`triad.modalities.extraction.Extractor`."""
        return {
            "network": {"checkpoint": self._checkpoint, "streams": list(self.streams), "torch": torch.__version__},
            "origin": self.origin,
            "channels": self.channels,
            "window": str(self.window),
            "stride": str(self.stride),
            "stored": {"format": FORMAT},
        }

    def extract(self, record: Record, task: Task, provenance: Mapping[str, Any]) -> StoredFeatures:
        """Return the features of the whole recording that a record is cut from.

        Args:
            record: a record of the recording.
            task: its entry among the tasks of the dataset.
            provenance: provenance to store.

        Raises:
            InputError: If a file is damaged, or the features would take more than 2 GiB.
        """
        whole = {key: value for key, value in record.items() if key not in ("start", "end")}
        clock = clock_of(whole)
        if clock is None:
            fail(f"record '{record['id']}'", "have a clock of frames", "none", "prepare again")
        stride = self.stride.seconds(clock)
        duration = extent_of(whole).end
        if duration / stride * self.channels > MAX_VALUES:
            got = f"{duration / stride:,.0f} vectors of {self.channels}"
            fail("--stride", "leave the features of one video within 2 GiB", got, "enlarge it")
        spans = feature_spans(duration, window=self.window.seconds(clock), stride=stride)
        batches = [spans[first : first + BATCH_SIZE] for first in range(0, len(spans), BATCH_SIZE)]
        results = [self._encode(whole, batch) for batch in batches]
        data = np.concatenate([vectors for vectors, _ in results])
        present = np.concatenate([mask for _, mask in results])
        return StoredFeatures(data, present, stride, task.num_frames, provenance)

    def _encode(self, record: Record, spans: Sequence[Span]) -> tuple[np.ndarray, np.ndarray]:
        """Return the vectors of some windows, ``[N, C]``, and which windows had something to read, ``[N]``."""
        samples = [sample for span in spans for sample in self._read(record, span)]
        model = self.recognizer
        with torch.inference_mode():
            batch = model.data_preprocessor(collate(samples), False)["batch"]
            rows = model.predictions(model.classify(model.encode(batch)[0], batch), batch)
        vectors = np.stack([self._concatenate(row["streams"]) for row in rows])
        is_present = np.array([bool(row["streams"]) for row in rows])
        views = (len(spans), self.dataset.num_views)
        return vectors.reshape(*views, -1).mean(axis=1), np.asarray(is_present.reshape(views).any(axis=1))

    def _concatenate(self, streams: Mapping[str, Any]) -> np.ndarray:
        """Return the vectors of all streams of a sample, zeros for those that it lacks, ``[C]``."""
        heads: Any = self.recognizer.heads
        zeros = {name: np.zeros(heads[name].fc.in_features, np.float32) for name in self.streams}
        return np.concatenate([streams[name]["feature"] if name in streams else zeros[name] for name in self.streams])

    def _read(self, record: Record, span: Span) -> list[Sample]:
        for stream, reader in self._frame_readers.items():
            source = self.index.source(record, self.dataset.sources[stream])
            if source is not None:
                reader.begin(source.path, int(source.locate(np.array([span.start]))[0]))
        window = {**record, "label": None, "start": span.start, "end": span.end}
        return [self.dataset.sample(window, view) for view in range(self.dataset.num_views)]


def _open_dataset(model: Model, index: Index) -> tuple[ActionDataset, dict[str, SequentialFramesReader]]:
    """Return a dataset that reads windows of any record, and its readers of frames."""
    protocol = next(iter(protocols_of(index.records, index.dataset)), "none")
    streams = {
        name: {"reader": item.reader, "num_frames": item.num_frames, "source": item.source}
        for name, item in model.inputs.items()
    }
    shared: dict[tuple[int, str], SequentialFramesReader] = {}
    readers: dict[str, SequentialFramesReader] = {}
    for name, item in model.inputs.items():
        if type(item.reader) is RgbReader:
            key = (id(item.reader), item.source)
            readers[name] = shared.setdefault(key, SequentialFramesReader(item.reader))
            streams[name]["reader"] = readers[name]
    dataset = ActionDataset(
        index=index.root, protocol=protocol, split="test", streams=streams, temporal_sampler=model.temporal_sampler
    )
    dataset.views = model.views
    return dataset, readers

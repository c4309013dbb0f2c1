"""Windows of prepared videos, read by the dataset that ``test`` reads clips with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from torch.utils.data import Dataset

from triad.fusion.data import ActionDataset, Batch, Sample, collate
from triad.fusion.index import Record, clock_of, extent_of
from triad.fusion.inference.interfaces import Model
from triad.fusion.inference.localization.shared_frames import SharedFramesReader
from triad.fusion.inference.sliding_window import plan_window
from triad.modalities.clips import Span
from triad.modalities.rgb.reader import RgbReader


class VideoWindow(NamedTuple):
    """Window of a video: its id, the number of the video, and its span in seconds."""

    id: str
    video: int
    span: Span


class WindowDataset(Dataset):
    """Samples of windows: for each model the test views that ``test`` would take of a record with that span.

    Frames of windows that follow one another without a gap are decoded together, as many windows as are asked for.

    Args:
        models: models whose streams are read.
        index: path of the index.
        protocol: name of the protocol.
        split: name of the split.
        records: a record of each video.
        windows: windows to read.

    Raises:
        InputError: If the dataset lacks a stream of a model.
    """

    def __init__(
        self,
        models: Sequence[Model],
        *,
        index: str | Path,
        protocol: str,
        split: str,
        records: Sequence[Record],
        windows: Sequence[VideoWindow],
    ) -> None:
        self.datasets: list[ActionDataset] = []
        self.models: list[Model] = []
        for model in models:
            model = _share_frames(model)
            streams = {
                name: {"reader": item.reader, "num_frames": item.num_frames, "source": item.source}
                for name, item in model.inputs.items()
            }
            dataset = ActionDataset(
                index=index, protocol=protocol, split=split, streams=streams, temporal_sampler=model.temporal_sampler
            )
            dataset.views = model.views
            self.datasets.append(dataset)
            self.models.append(model)
        self.records = list(records)
        self.windows = list(windows)

    def __len__(self) -> int:
        return len(self.windows)

    def __getitem__(self, position: int) -> list[list[Sample]]:
        return self.__getitems__([position])[0]

    def __getitems__(self, positions: Sequence[int]) -> list[list[list[Sample]]]:
        """Return the windows at some positions; a torch ``DataLoader`` asks for those of a batch."""
        samples = []
        for run in _split_at_gaps([self.windows[position] for position in positions]):
            records = [self._record_of(window) for window in run]
            for model, dataset in zip(self.models, self.datasets, strict=True):
                _plan_frames(model, dataset, records)
            samples += [
                [[dataset.sample(record, view) for view in range(dataset.num_views)] for dataset in self.datasets]
                for record in records
            ]
        return samples

    def _record_of(self, window: VideoWindow) -> Record:
        start, end = window.span
        return {**self.records[window.video], "id": window.id, "label": None, "start": start, "end": end}


def _share_frames(model: Model) -> Model:
    """Return a model whose readers of frames share them between windows; streams with one reader keep one."""
    readers: dict[tuple[int, str], SharedFramesReader] = {}
    inputs = dict(model.inputs)
    for name, item in inputs.items():
        if type(item.reader) is RgbReader:
            reader = readers.setdefault((id(item.reader), item.source), SharedFramesReader(item.reader))
            inputs[name] = replace(item, reader=reader)
    return replace(model, inputs=inputs)


def _split_at_gaps(windows: Sequence[VideoWindow]) -> list[list[VideoWindow]]:
    """Return runs of windows of one video without a gap: frames in gaps would be decoded for nothing."""
    runs: list[list[VideoWindow]] = []
    for window in windows:
        previous = runs[-1][-1] if runs else None
        if previous is not None and previous.video == window.video and window.span.start <= previous.span.end:
            runs[-1].append(window)
        else:
            runs.append([window])
    return runs


def _plan_frames(model: Model, dataset: ActionDataset, records: Sequence[Record]) -> None:
    """Tell each reader of shared frames which ones the records show."""
    numbers: dict[SharedFramesReader, list[np.ndarray]] = {}
    for position, record in enumerate(records):
        clocks = {
            item.source: dataset.index.source(record, item.source)
            if isinstance(item.reader, SharedFramesReader)
            else None
            for item in model.inputs.values()
        }
        video_clock = clock_of(record) if model.temporal_sampler.counts_frames else None
        window = plan_window(position, extent_of(record), [model], clocks, video_clock)
        for key, sampling in window.samplings.items():
            reader = model.inputs[key.stream].reader
            if isinstance(reader, SharedFramesReader):
                numbers.setdefault(reader, []).append(sampling.indices)
    for reader, arrays in numbers.items():
        reader.plan(np.concatenate(arrays))


def collate_windows(windows: Sequence[list[list[Sample]]]) -> list[Batch]:
    """Return one batch a model with the views of all windows."""
    return [collate([sample for views in of_model for sample in views]) for of_model in zip(*windows, strict=True)]

"""Windows of prepared videos, read by the dataset that ``test`` reads clips with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from torch.utils.data import Dataset

from triad.fusion.data import ActionDataset, Batch, Sample, collate
from triad.fusion.index import Record
from triad.fusion.inference.interfaces import Model
from triad.modalities.clips import Span


class VideoWindow(NamedTuple):
    """Window of a video: its id, the number of the video, and its span in seconds."""

    id: str
    video: int
    span: Span


class WindowDataset(Dataset):
    """Samples of windows: for each model the test views that ``test`` would take of a record with that span.

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
        self.datasets = []
        for model in models:
            streams = {
                name: {"reader": item.reader, "num_frames": item.num_frames, "source": item.source}
                for name, item in model.inputs.items()
            }
            dataset = ActionDataset(
                index=index, protocol=protocol, split=split, streams=streams, temporal_sampler=model.temporal_sampler
            )
            dataset.views = model.views
            self.datasets.append(dataset)
        self.records = list(records)
        self.windows = list(windows)

    def __len__(self) -> int:
        return len(self.windows)

    def __getitem__(self, position: int) -> list[list[Sample]]:
        window = self.windows[position]
        start, end = window.span
        record = {**self.records[window.video], "id": window.id, "label": None, "start": start, "end": end}
        return [[dataset.sample(record, view) for view in range(dataset.num_views)] for dataset in self.datasets]


def collate_windows(windows: Sequence[list[list[Sample]]]) -> list[Batch]:
    """Return one batch a model with the views of all windows."""
    return [collate([sample for views in of_model for sample in views]) for of_model in zip(*windows, strict=True)]

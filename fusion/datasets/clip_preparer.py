"""Preparation of datasets of short clips whose file names say everything, with one joint layout and one rate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from triad.fusion.datasets.clip_files import ClipFiles, find_clips
from triad.fusion.datasets.writer import Progress, Recording, SkeletonSpec, write_dataset
from triad.modalities.skeleton import Poses


def numbered_fields(groups: Mapping[str, str]) -> dict[str, Any]:
    """Return the record of a clip whose name numbers its ``action``, from 1, its ``subject`` and its ``repetition``."""
    return {
        "label": int(groups["action"]) - 1,
        "subject": f"s{groups['subject']}",
        "repetition": int(groups["repetition"]),
    }


@dataclass(frozen=True, kw_only=True)
class ClipPreparer:
    """Preparation of such a dataset; ``prepare`` is that of its :class:`~triad.fusion.datasets.Dataset`.

    Args:
        name: name of the dataset.
        classes: names of the actions, in the order of their labels.
        source: authors, year and title of the paper.
        pattern: regular expression of a clip's id, with named groups.
        file_names: form of the file names, for the message about a folder without clips.
        skeleton: ending of skeleton files, after the id.
        video: endings of videos, after the id; empty for a dataset without videos.
        read: function that reads a skeleton file.
        layout: name of the joint layout.
        fps: poses per second.
        fields: function from the groups of the pattern to the record without its id.
    """

    name: str
    classes: tuple[str, ...]
    source: str
    pattern: str
    file_names: str
    skeleton: str
    video: tuple[str, ...]
    read: Callable[[Path], Poses]
    layout: str
    fps: float
    fields: Callable[[Mapping[str, str]], dict[str, Any]] = numbered_fields

    def prepare(
        self, source: Path, out: Path, *, dtype: str = "float32", progress: Progress[ClipFiles] = iter
    ) -> dict[str, Any]:
        """Write the packed skeletons and the index; videos stay where they are.

        Raises:
            InputError: If the folder holds no clip of the dataset.
        """
        clips, dropped = find_clips(
            source,
            self.pattern,
            skeleton=self.skeleton,
            video=self.video,
            exclude=out,
            cure=f"give the folder that holds {self.file_names}",
        )
        return write_dataset(
            out,
            (self._recording(clip) for clip in progress(clips)),
            metainfo={"dataset": self.name, "classes": list(self.classes), "source": self.source},
            skeletons=SkeletonSpec(layout=self.layout, fps=self.fps, dtype=dtype),
            dropped=dropped,
        )

    def _recording(self, clip: ClipFiles) -> Recording:
        record = {"id": clip.id, **self.fields(clip.fields)}
        return Recording(clip.id, (record,), clip.video, partial(self.read, clip.skeleton) if clip.skeleton else None)

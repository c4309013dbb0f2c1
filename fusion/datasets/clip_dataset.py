"""Datasets of short clips that are told by the names of their files alone, all with one layout and one rate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fusion.datasets.clip_files import Clip, Progress, find_clips
from fusion.datasets.writer import Recording, Skeletons, build
from modalities.skeleton.poses import Poses


def numbered_fields(found: Mapping[str, str]) -> dict[str, Any]:
    """The record of a clip whose name numbers its ``action``, from 1, its ``subject`` and its ``repetition``."""
    return {
        "label": int(found["action"]) - 1,
        "subject": f"s{found['subject']}",
        "repetition": int(found["repetition"]),
    }


@dataclass(frozen=True, kw_only=True)
class ClipDataset:
    """What tells such a dataset from another.

    Args:
        name: of the dataset.
        classes: of its actions, in the order of their labels.
        source: its authors and paper.
        pattern: regular expression of a clip's id, with groups.
        files: how the names of clips look, for who gives another folder.
        skeleton: how the name of a skeleton file goes on after the id.
        video: how that of a video may; empty where there are none.
        read: reads a skeleton file.
        layout: of its joints.
        fps: poses per second.
        fields: the record of a clip but for its id, from the groups of the pattern.
    """

    name: str
    classes: tuple[str, ...]
    source: str
    pattern: str
    files: str
    skeleton: str
    video: tuple[str, ...]
    read: Callable[[Path], Poses]
    layout: str
    fps: float
    fields: Callable[[Mapping[str, str]], dict[str, Any]] = numbered_fields

    def prepare(self, source: Path, out: Path, *, dtype: str = "float32", progress: Progress = iter) -> dict[str, Any]:
        """Write the packed skeletons and the index; videos, where there are some, stay where they are.

        Returns:
            the number of ``records``, and ``dropped``: ``[{"id", "reason"}]``.

        Raises:
            InputError: if the folder holds no clip of the dataset.
        """
        cure = f"give the folder that holds {self.files}"
        found = find_clips(source, self.pattern, skeleton=self.skeleton, video=self.video, without=out, cure=cure)
        clips, dropped = found
        return build(
            out,
            (self._recording(clip) for clip in progress(clips)),
            metainfo={"dataset": self.name, "classes": list(self.classes), "source": self.source},
            skeletons=Skeletons(layout=self.layout, fps=self.fps, dtype=dtype),
            dropped=dropped,
        )

    def _recording(self, clip: Clip) -> Recording:
        record = {"id": clip.id, **self.fields(clip.fields)}
        return Recording(clip.id, (record,), clip.video, partial(self.read, clip.skeleton) if clip.skeleton else None)

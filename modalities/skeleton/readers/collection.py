"""Files that hold a whole dataset: many clips with their labels and splits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from triad.modalities.checks import check_choice, fail, printable
from triad.modalities.skeleton.readers.recording import SkeletonRecording


@dataclass(frozen=True)
class SkeletonCollection:
    """Clips of a file; each is read when it is asked for, so that a bad one spoils no other.

    Args:
        path: path of the file.
        layout: name of the joint layout of all clips.
        ids: name of each clip, as the file has it.
        labels: number of the class of each clip, None where it has none.
        splits: ids of the clips of each split, by the file's names of the splits (``train1``, ``xsub_val``).
        read: function that reads the clip of a number.
        classes: names of the classes in the order of their numbers; empty where the file has none.
    """

    path: Path
    layout: str
    ids: Sequence[str]
    labels: Sequence[int | None]
    splits: Mapping[str, Sequence[str]]
    read: Callable[[int], SkeletonRecording]
    classes: Sequence[str] = ()

    def read_clip(self, name: str | None) -> SkeletonRecording:
        """Return the clip of a name, or the only one.

        Raises:
            InputError: If there is no clip of that name, or none is named and there are several.
        """
        if name is None and len(self.ids) != 1:
            examples = printable(", ".join(self.ids[:3]))
            cure = f"name one: '{self.path}#CLIP'; they are {examples} …, or prepare the whole file: prepare skeletons"
            fail(f"'{self.path}'", "hold one clip", f"{len(self.ids)}", cure)
        number = 0 if name is None else list(self.ids).index(check_choice(f"clip of '{self.path}'", name, self.ids))
        return self.read(number)

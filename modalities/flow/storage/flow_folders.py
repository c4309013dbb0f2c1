"""Search for the flow of videos in a folder that another tool has filled, in any of the usual arrangements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from triad.modalities.checks import fail
from triad.modalities.flow.storage.denseflow import BOUND, CURE, ClippedField, DenseflowPairs
from triad.modalities.flow.storage.float_fields import FloatFields

PICTURES, FLOATS = "pairs of 8-bit pictures", "fields of floats"
COMPONENT_FOLDERS = (("u", "v"), ("x", "y"), ("flow_x", "flow_y"))
"""Names of the folders of the horizontal and the vertical component."""


class FlowFields(Protocol):
    """Flow of one video, field by field.

    Attributes:
        folder: folder or file that holds it.
        num: number of fields.
    """

    folder: Path
    num: int

    def read(self, index: int) -> ClippedField:
        """Return field ``index``, from 0."""
        ...


class FlowLocation(NamedTuple):
    """Place of the flow of one video.

    Attributes:
        path: folder of the video, or ``.npy`` file; where components lie apart, folder of the horizontal one.
        vertical: folder of the vertical component, where components lie apart.
    """

    path: Path
    vertical: Path | None = None

    @property
    def kind(self) -> str:
        """``PICTURES`` or ``FLOATS``."""
        if self.vertical is not None:
            return PICTURES
        has_floats = self.path.is_file() or any(_is_float_file(path) for path in self.path.iterdir())
        return FLOATS if has_floats else PICTURES

    def open(self, *, bound: float = BOUND) -> FlowFields:
        """Return the fields.

        Args:
            bound: pixels of the last step of a picture.

        Raises:
            InputError: If files are missing or of another kind.
        """
        if self.kind == FLOATS:
            return FloatFields(self.path)
        return DenseflowPairs(self.path, self.vertical, bound=bound)


def find_flow(folder: Path, videos: Mapping[str, Path]) -> dict[str, FlowLocation]:
    """Return the place of the flow of each video that has some, by the video's id.

    A folder or ``.npy`` file is named by the video's id, by the video's folder and name (``class/clip``), or by the
    video's name alone where no other video has the same. Such folders may lie in one folder for each component.

    Args:
        folder: folder that holds them.
        videos: path of each video by id.

    Raises:
        InputError: If ``folder`` does not exist, or no video has flow in it.
    """
    if not folder.is_dir():
        fail("folder of flow to import", "exist", f"'{folder}'", CURE)
    stem_counts = Counter(video.stem for video in videos.values())
    locations = {}
    for id, video in videos.items():
        names = [Path(id), Path(video.parent.name) / video.stem]
        names += [Path(video.stem)] if stem_counts[video.stem] == 1 else []
        location = next((candidate for name in names for candidate in _candidates(folder, name)), None)
        if location is not None:
            locations[id] = location
    if not locations:
        example = next(iter(videos.values())).stem
        fail(f"'{folder}'", f"hold one folder per video, such as '{example}'", "none that fits", CURE)
    return locations


def _candidates(folder: Path, name: Path) -> Iterator[FlowLocation]:
    """Give the places at which flow of that name lies."""
    for horizontal, vertical in COMPONENT_FOLDERS:
        if (folder / horizontal / name).is_dir() and (folder / vertical / name).is_dir():
            yield FlowLocation(folder / horizontal / name, folder / vertical / name)
    if (folder / name).is_dir():
        yield FlowLocation(folder / name)
    file = folder / name.parent / f"{name.name}.npy"
    if file.is_file():
        yield FlowLocation(file)


def _is_float_file(path: Path) -> bool:
    return path.suffix.lower() in (".flo", ".npy") and path.name[0] != "."

"""Reading of any skeleton file: its format is recognised by what it holds, not by its name alone."""

from __future__ import annotations

from pathlib import Path

from triad.modalities.checks import check_choice, check_file, fail, printable
from triad.modalities.file_kinds import describe_kind
from triad.modalities.skeleton.readers.collection import SkeletonCollection
from triad.modalities.skeleton.readers.formats import FORMATS
from triad.modalities.skeleton.readers.recording import ReadOptions, SkeletonRecording
from triad.modalities.skeleton.readers.skeleton_format import HEAD_SIZE, FileHead, SkeletonFormat

CLIP_MARK = "#"
"""What stands between the path of a file of many clips and the name of one of them."""


def find_format(path: str | Path, name: str | None = None) -> SkeletonFormat:
    """Return the format of a file or folder.

    Args:
        path: path of the file or folder.
        name: name of the format, where the user says it; by default it is recognised.

    Raises:
        InputError: If there is no such file, no such format, or none recognises the file.
    """
    if name is not None:
        return FORMATS[check_choice("format of a skeleton file", name, FORMATS)]
    path = Path(path)
    if path.is_dir():
        head = FileHead(path, b"")
    else:
        check_file("skeleton file", path, "check the path")
        try:
            with path.open("rb") as file:
                head = FileHead(path, file.read(HEAD_SIZE))
        except OSError as error:
            fail(f"'{path}'", "be readable", str(error))
    for entry in FORMATS.values():
        if entry.recognise(head):
            return entry
    start = printable(head.start[:40].decode("latin-1"), 60)
    kind = describe_kind(path)
    beginning = f"one that begins with '{start}'" if kind in (None, "text", "JSON") else kind
    got = "a folder of other files" if path.is_dir() else beginning
    fail(f"'{path}'", f"be a skeleton file of a known format ({', '.join(FORMATS)})", got, "see README, Skeleton files")


def read_skeleton(
    path: str | Path, options: ReadOptions | None = None, *, format_name: str | None = None
) -> SkeletonRecording:
    """Read one clip from a file or folder of any format; ``FILE#CLIP`` names a clip of a file of many.

    Args:
        path: path of the file or folder.
        options: layout and size that the user names.
        format_name: name of the format; by default it is recognised.

    Raises:
        InputError: naming the file, if its format is unknown, it is damaged, or shows nobody.
    """
    options = options or ReadOptions()
    file, clip = split_clip(Path(path))
    entry = find_format(file, format_name)
    if entry.open is not None:
        return entry.open(file, options).read_clip(clip)
    if clip is not None or entry.read is None:
        fail(f"'{file}'", "hold several clips to name one", f"a file of format {entry.name}")
    return entry.read(file, options)


def open_collection(
    path: str | Path, options: ReadOptions | None = None, *, format_name: str | None = None
) -> SkeletonCollection | None:
    """Open a file of many clips; return None for a file of one clip.

    Raises:
        InputError: naming the file, if its format is unknown or it is damaged.
    """
    entry = find_format(path, format_name)
    return None if entry.open is None else entry.open(Path(path), options or ReadOptions())


def split_clip(path: Path) -> tuple[Path, str | None]:
    """Return the path of a file and the clip that is named behind it, if there is no file of the whole name."""
    file, mark, clip = str(path).rpartition(CLIP_MARK)
    if mark and clip and not path.exists() and Path(file).is_file():
        return Path(file), clip
    return path, None


def formats_table() -> str:
    """Return the table of formats for the README, in Markdown."""
    rows = [
        ("format", "files", "written by", "what is read", "what is not"),
        ("---",) * 5,
        *((f"`{f.name}`", f.files, f.written_by, f.reads, f.leaves_out) for f in FORMATS.values()),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)

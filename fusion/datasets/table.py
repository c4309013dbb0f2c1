"""Table of the user's recordings, CSV or JSON: one row a clip or a segment of a long recording.

The columns are those of :mod:`triad.fusion.datasets.custom.table_rows`. Paths are relative to the table. ``start`` and
``end`` are seconds of the video. Skeletons are files of any format of ``FORMATS`` of
:mod:`triad.modalities.skeleton.readers`, in the ``layout``, ``unit`` and ``axes`` that the table names; they take the
times of the video if they have a pose for each frame, else ``fps``, else the rate that their file says. ``fps`` is also
the rate of a ``path`` that is a folder of numbered pictures. Flow files are those of ``extract``. The protocol is
``cross_subject`` if the table names subjects, else ``split1``.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, PrepareOption, by_official_list
from triad.fusion.datasets.custom import (
    FILE_COLUMNS,
    SkeletonFile,
    TableRow,
    check_frames,
    common_layout,
    note_on_sizes,
    read_class_names,
    read_rows,
    resolve_layout,
    safe_ids,
    write_custom_dataset,
)
from triad.fusion.datasets.custom.folds import FOLDS, assign_with_folds
from triad.fusion.datasets.custom.lists import LIST_FORMATS, VIDEO_LIST, VideoFiles
from triad.fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec
from triad.fusion.index import Record, extent_of
from triad.modalities.checks import InputError, fail
from triad.modalities.modality import get_modality
from triad.modalities.video import VideoInfo

RECORD_COLUMNS = ("subject", "camera", "split")
LIST_FORMS = "; ".join(f"a list of {kind.name}: {kind.form}" for kind in (VIDEO_LIST, *LIST_FORMATS))
"""Lists of other projects, for ``--help``."""
NamedRow = tuple[str, TableRow]
"""Id of a record and its row."""
RecordingRows = tuple[str, list[NamedRow]]
"""Name of a recording and the rows that are cut from it."""


def prepare_table(
    table: Path,
    out: Path,
    *,
    videos: str | None = None,
    classes: str | None = None,
    dtype: str = "float32",
    folds: int = 0,
    progress: Progress[RecordingRows] = iter,
) -> dict[str, Any]:
    """Write the packed skeletons and the index; videos and flow files stay where they are.

    Args:
        table: table, list of another project, or a folder with lists that are named after splits.
        out: output folder.
        videos: folder to which paths and ids of videos refer; that of the table by default.
        classes: file with the names of classes whose labels are numbers.
        dtype: number format of the packed skeletons.
        folds: number of folds, see :func:`~triad.fusion.datasets.custom.folds.assign_with_folds`; 0 for none.
        progress: wrapper of the list of recordings that shows the progress.

    Returns:
        the report of :func:`~triad.fusion.datasets.custom.writer.write_custom_dataset`.

    Raises:
        InputError: If the file is not a table, a column is unknown, or no row is usable.
    """
    folder = Path(videos) if videos is not None else table if table.is_dir() else table.parent
    if not folder.is_dir():
        fail("videos", "be a folder", f"'{folder}'")
    class_names = read_class_names(Path(classes)) if classes is not None else None
    rows, dropped = read_rows(
        table, videos=VideoFiles(folder, exclude=out, is_named=videos is not None), class_names=class_names
    )
    if not rows and not dropped:
        fail(f"'{table}'", "have rows below its header", "none", "add a row for each clip: path,label")
    maker = _RecordingMaker(table, folder, out)
    layout = maker.common_layout(rows)
    span_counts = Counter(row.span for row in rows)
    keys = [f"{row.span}" if span_counts[row.span] == 1 else f"{row.span} {row.words['label']}" for row in rows]
    ids = safe_ids([_descriptive_name(row) for row in rows], keys)
    rows_by_files: dict[tuple[str, ...], list[NamedRow]] = defaultdict(list)
    for record_id, row in zip(ids, rows, strict=True):
        files = tuple(row.words.get(column, "") for column in ("path", "skeleton", *FILE_COLUMNS))
        rows_by_files[files].append((record_id, row))
    file_names = ["|".join(files) for files in rows_by_files]
    names = safe_ids(file_names, file_names)

    def recordings() -> Iterator[Recording]:
        for name, named_rows in progress(list(zip(names, rows_by_files.values(), strict=True))):
            recording_id = named_rows[0][0] if len(named_rows) == 1 else name
            yield maker.recording(recording_id, named_rows, layout)

    report = write_custom_dataset(
        "table",
        out,
        recordings(),
        expected_classes={row.words["label"] for row in rows},
        dropped=dropped,
        skeletons=SkeletonSpec(layout, None, dtype=dtype) if layout is not None else None,
        late_dropped=maker.dropped,
        late_notes=maker.notes,
        class_order=[class_names[number] for number in sorted(class_names)] if class_names is not None else (),
        assign=partial(assign_with_folds, folds=folds),
    )
    return {**report, "notes": [*report["notes"], *note_on_sizes(maker.guessed_sizes)]}


class _RecordingMaker:
    """Maker of recordings from rows, which collects what it drops and notes on the way."""

    def __init__(self, table: Path, folder: Path, out: Path) -> None:
        self.table = table
        self.folder = folder
        self.out = out
        self.dropped: list[Dropped] = []
        self.notes: list[str] = []
        self.guessed_sizes: list[str] = []

    def skeleton_file(self, row: TableRow, layout: str | None = None) -> SkeletonFile:
        """Return the skeleton file of a row, in the layout of its own or of all rows."""
        words = row.words
        named = words.get("layout")
        size = (int(row.numbers["height"]), int(row.numbers["width"])) if "width" in row.numbers else None
        return SkeletonFile(
            path=self.folder / words["skeleton"],
            layout=layout if named is None else resolve_layout(named, self.folder),
            format=words.get("format"),
            unit=words.get("unit"),
            axes=words.get("axes"),
            size=size,
            guessed_sizes=self.guessed_sizes,
        )

    def common_layout(self, rows: list[TableRow]) -> str | None:
        """Return the one joint layout of all skeletons of the table; None if it has no skeletons.

        Raises:
            InputError: If two rows have different ones, or none is named and the files do not tell.
        """
        files = [(row.location, self.skeleton_file(row)) for row in rows if "skeleton" in row.words]
        return common_layout(files, f"'{self.table}'")

    def recording(self, name: str, named_rows: list[NamedRow], layout: str | None) -> Recording:
        """Return the recording of the files that all these rows name."""
        words = named_rows[0][1].words
        has_skeleton = "skeleton" in words and layout is not None
        row_by_id = dict(named_rows)
        return Recording(
            name,
            tuple(_record(record_id, row, name) for record_id, row in named_rows),
            video=self.folder / words["path"] if "path" in words else None,
            fps=named_rows[0][1].numbers.get("fps"),
            skeleton_file=self.skeleton_file(named_rows[0][1], layout).read if has_skeleton else None,
            finalize=lambda record, info: self._finalize(record, info, row_by_id[record["id"]], layout),
        )

    def _finalize(self, record: Record, info: VideoInfo | None, row: TableRow, layout: str | None) -> Record:
        record = check_frames(record, info)
        sources = record["sources"]
        reasons: list[str] = []
        if "skeleton" in sources:
            reasons += self._complete_source(record, "skeleton", partial(self._skeleton_source, record, row))
        for stream in FILE_COLUMNS:
            if stream in row.words:
                reasons += self._complete_source(record, stream, partial(self._file_source, record, stream, row))
        if not sources:
            raise InputError("; ".join(reasons) or f"row of '{record['path']}' has no usable part")
        self.dropped += [{"id": record["id"], "reason": reason} for reason in reasons]
        start = row.numbers.get("start", 0.0)
        end = row.numbers.get("end")
        if row.numbers.keys() & {"start", "end"}:
            length = extent_of(record).end
            if row.numbers.keys() >= {"start", "end"} and start >= length and _is_cut(row, length):
                self.notes.append(
                    f"{row.location}: '{record['path']}' is cut already: its {length:.2f} s are all taken"
                )
                return record
            if start >= length:
                fail("start", f"be before the end of '{record['path']}' at {length:.2f} s", f"{start:g}")
            if end is not None and end > length:
                self.notes.append(f"{row.location}: end {end:g} s is past '{record['path']}': cut at {length:.2f} s")
            record |= {"start": start, "end": length if end is None else min(end, length)}
        return record

    def _complete_source(self, record: Record, stream: str, make_source: Callable[[], dict[str, Any]]) -> list[str]:
        """Set the source of a stream, or drop the stream and return the reason."""
        try:
            record["sources"][stream] = make_source()
        except InputError as error:
            record["sources"].pop(stream, None)
            return [f"{stream}: {error}"]
        return []

    def _skeleton_source(self, record: Record, row: TableRow) -> dict[str, Any]:
        """Return the source of the skeleton with its clock: that of the table, the video's, or the file's."""
        source = dict(record["sources"]["skeleton"])
        video = record["sources"].get("rgb")
        if "fps" in row.numbers:
            return {**source, "fps": row.numbers["fps"]}
        if video is not None and source["num"] == video["num"]:
            clock = {key: video[key] for key in ("fps", "times") if key in video}
            return {**{key: value for key, value in source.items() if key != "fps"}, **clock}
        if "fps" not in source:
            frames = f"{video['num']} frames" if video else "no video"
            fail("fps", "be given where frames do not tell it", f"{source['num']} poses and {frames}", "add column fps")
        return source

    def _file_source(self, record: Record, stream: str, row: TableRow) -> dict[str, Any]:
        path = self.folder / row.words[stream]
        describe: Any = get_modality(FILE_COLUMNS[stream]).files.describe
        description = describe(path, record["sources"].get("rgb"), row.numbers.get("fps"))
        return {"path": os.path.relpath(path.resolve(), self.out.resolve()), **description}


def _is_cut(row: TableRow, length: float) -> bool:
    """Return whether a file of that many seconds is the segment of a row, as downloaders of Kinetics store it."""
    return abs(row.numbers["end"] - row.numbers["start"] - length) <= 1.0


def _record(record_id: str, row: TableRow, recording: str) -> Record:
    fields = {column: row.words[column] for column in RECORD_COLUMNS if column in row.words}
    recording_field = {} if recording == record_id else {"recording": recording}
    return {"id": record_id, "path": row.path, "class": row.words["label"], **recording_field, **fields}


def _descriptive_name(row: TableRow) -> str:
    """Return the file and the span of a row, from which its id is made."""
    name = row.path.removesuffix(Path(row.path).suffix)
    start = row.numbers.get("start")
    end = row.numbers.get("end")
    if start is None and end is None:
        return name
    return f"{name}_{start or 0:g}-{'end' if end is None else f'{end:g}'}"


TABLE = Dataset(
    name="table",
    files=f"TABLE is CSV or JSON with path and label, and any of subject, start, end, split …; {LIST_FORMS}; "
    "or a folder with lists that are named after splits, train.csv and val.csv. Columns of a skeleton file: skeleton, "
    "layout, format, unit (m, cm, mm, pixel, fraction), axes (which point right, down and away, such as 'x -y z' where "
    "y is up), width, height, fps. Without them, joints are metres in the frame of the camera (x right, y down, z "
    "away) or pixels (x right, y down).",
    prepare=prepare_table,
    arguments=("table", "out"),
    options=(
        PrepareOption("videos", None, "Folder to which the paths or ids of videos refer; that of TABLE by default."),
        PrepareOption("classes", None, "File with the names of the classes, one a line, for labels that are numbers."),
        FOLDS,
        SKELETON_DTYPE,
    ),
    protocols={name: by_official_list(name) for name in ("cross_subject", "split1")},
    is_custom=True,
)

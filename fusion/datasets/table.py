"""Table of the user's recordings, CSV or JSON: one row a clip or a segment of a long recording.

The columns are those of :mod:`fusion.datasets.custom.table_rows`. Paths are relative to the table. ``start`` and
``end`` are seconds of the video. Skeletons are ``.npz`` files of our arrays with the ``layout`` of their joints, or
files of a ``format`` of a dataset; they take the times of the video if they have a pose for each frame, else ``fps``,
which is also the rate of a ``path`` that is a folder of numbered pictures. Flow files are those of ``extract``. The
protocol is ``cross_subject`` if the table names subjects, else ``split1``.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from fusion.datasets import SKELETON_DTYPE, Dataset, PrepareOption, by_official_list
from fusion.datasets.custom import (
    FILE_COLUMNS,
    TableRow,
    check_frames,
    read_class_names,
    read_rows,
    safe_ids,
    write_custom_dataset,
)
from fusion.datasets.custom.lists import LIST_FORMATS, VIDEO_LIST, VideoFiles
from fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec
from fusion.index import Record, extent_of
from modalities.checks import InputError, check_choice, fail
from modalities.modality import get_modality
from modalities.skeleton import get_layout
from modalities.skeleton.readers import SKELETON_FORMATS, read_npz
from modalities.video import VideoInfo

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
    progress: Progress[RecordingRows] = iter,
) -> dict[str, Any]:
    """Write the packed skeletons and the index; videos and flow files stay where they are.

    Args:
        table: table, list of another project, or a folder with lists that are named after splits.
        out: output folder.
        videos: folder to which paths and ids of videos refer; that of the table by default.
        classes: file with the names of classes whose labels are numbers.
        dtype: number format of the packed skeletons.
        progress: wrapper of the list of recordings that shows the progress.

    Returns:
        the report of :func:`~fusion.datasets.custom.writer.write_custom_dataset`.

    Raises:
        InputError: If the file is not a table, a column is unknown, or no row is usable.
    """
    folder = Path(videos) if videos is not None else table if table.is_dir() else table.parent
    if not folder.is_dir():
        fail("videos", "be a folder", f"'{folder}'")
    class_names = read_class_names(Path(classes)) if classes is not None else None
    rows, dropped = read_rows(table, videos=VideoFiles(folder, exclude=out), class_names=class_names)
    maker = _RecordingMaker(table, folder, out)
    layout = maker.common_layout(rows)
    ids = safe_ids([_descriptive_name(row) for row in rows], [str(row.span) for row in rows])
    rows_by_files: dict[tuple[str, ...], list[NamedRow]] = defaultdict(list)
    for record_id, row in zip(ids, rows, strict=True):
        files = tuple(row.words.get(column, "") for column in ("path", "skeleton", *FILE_COLUMNS))
        rows_by_files[files].append((record_id, row))
    keys = ["|".join(files) for files in rows_by_files]
    names = safe_ids(keys, keys)

    def recordings() -> Iterator[Recording]:
        for name, named_rows in progress(list(zip(names, rows_by_files.values(), strict=True))):
            recording_id = named_rows[0][0] if len(named_rows) == 1 else name
            yield maker.recording(recording_id, named_rows, layout)

    return write_custom_dataset(
        "table",
        out,
        recordings(),
        expected_classes={row.words["label"] for row in rows},
        dropped=dropped,
        skeletons=SkeletonSpec(layout, None, dtype=dtype) if layout is not None else None,
        late_dropped=maker.dropped,
        late_notes=maker.notes,
        class_order=[class_names[number] for number in sorted(class_names)] if class_names is not None else (),
    )


class _RecordingMaker:
    """Maker of recordings from rows, which collects what it drops and notes on the way."""

    def __init__(self, table: Path, folder: Path, out: Path) -> None:
        self.table = table
        self.folder = folder
        self.out = out
        self.dropped: list[Dropped] = []
        self.notes: list[str] = []

    def common_layout(self, rows: list[TableRow]) -> str | None:
        """Return the one joint layout of all skeletons of the table; None if it has no skeletons.

        Raises:
            InputError: If a row has no layout, or another than the rows before it.
        """
        common_layout = None
        for row in rows:
            if "skeleton" not in row.words:
                continue
            subject = f"layout in {row.location} of '{self.table}'"
            kind = check_choice(f"format in {row.location}", row.words.get("format", "npz"), ["npz", *SKELETON_FORMATS])
            layout = row.words.get("layout") or (SKELETON_FORMATS[kind][0] if kind != "npz" else None)
            if layout is None:
                fail(subject, "say how the joints of the skeleton are ordered", "none", "add the column layout")
            get_layout(layout)
            if kind != "npz" and layout != SKELETON_FORMATS[kind][0]:
                fail(subject, f"be '{SKELETON_FORMATS[kind][0]}' as files of format {kind} have", f"'{layout}'")
            if common_layout not in (None, layout):
                fail(subject, f"be '{common_layout}' as in the rows before", f"'{layout}'", "make a table of each")
            common_layout = layout
        return common_layout

    def recording(self, name: str, named_rows: list[NamedRow], layout: str | None) -> Recording:
        """Return the recording of the files that all these rows name."""
        words = named_rows[0][1].words
        read_skeleton = None
        if "skeleton" in words and layout is not None:
            kind = words.get("format", "npz")
            reader = partial(read_npz, layout=layout) if kind == "npz" else SKELETON_FORMATS[kind][1]
            read_skeleton = partial(reader, self.folder / words["skeleton"])
        row_by_id = dict(named_rows)
        return Recording(
            name,
            tuple(_record(record_id, row, name) for record_id, row in named_rows),
            video=self.folder / words["path"] if "path" in words else None,
            fps=named_rows[0][1].numbers.get("fps"),
            skeleton=read_skeleton,
            finalize=lambda record, info: self._finalize(record, info, row_by_id[record["id"]], layout),
        )

    def _finalize(self, record: Record, info: VideoInfo | None, row: TableRow, layout: str | None) -> Record:
        record = check_frames(record, info)
        sources = record["sources"]
        if "skeleton" in sources:
            self._complete_source(record, "skeleton", partial(self._skeleton_source, record, info, row, layout))
        for stream in FILE_COLUMNS:
            if stream in row.words:
                self._complete_source(record, stream, partial(self._file_source, record, stream, row))
        if not sources:
            self._fail_with_reasons(record)
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

    def _fail_with_reasons(self, record: Record) -> NoReturn:
        """Drop a record without any stream for the reasons for which each of its streams was dropped."""
        reasons = [entry["reason"] for entry in self.dropped if entry["id"] == record["id"]]
        self.dropped[:] = [entry for entry in self.dropped if entry["id"] != record["id"]]  # the report holds this list
        raise InputError("; ".join(reasons) or f"row of '{record['path']}' must have a usable part, got none")

    def _complete_source(self, record: Record, stream: str, make_source: Callable[[], dict[str, Any]]) -> None:
        """Set the source of a stream, or drop the stream with a reason."""
        try:
            record["sources"][stream] = make_source()
        except InputError as error:
            record["sources"].pop(stream, None)
            self.dropped.append({"id": record["id"], "reason": f"{stream}: {error}"})

    def _skeleton_source(
        self, record: Record, info: VideoInfo | None, row: TableRow, layout: str | None
    ) -> dict[str, Any]:
        source = dict(record["sources"]["skeleton"])
        if layout is not None and get_layout(layout).dims == 2:
            if info is None:
                fail("poses in pixels", "come with their video, whose size says what they mean", "none")
            source["size"] = [info.height, info.width]
        video = record["sources"].get("rgb")
        if "fps" in row.numbers:
            return {**source, "fps": row.numbers["fps"]}
        if video is None or source["num"] != video["num"]:
            frames = f"{video['num']} frames" if video else "no video"
            fail("fps", "be given where frames do not tell it", f"{source['num']} poses and {frames}", "add column fps")
        return {**source, **{key: video[key] for key in ("fps", "times") if key in video}}

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
    "or a folder with lists that are named after splits, train.csv and val.csv.",
    prepare=prepare_table,
    arguments=("table", "out"),
    options=(
        PrepareOption("videos", None, "Folder to which the paths or ids of videos refer; that of TABLE by default."),
        PrepareOption("classes", None, "File with the names of the classes, one a line, for labels that are numbers."),
        SKELETON_DTYPE,
    ),
    protocols={name: by_official_list(name) for name in ("cross_subject", "split1")},
    is_custom=True,
)

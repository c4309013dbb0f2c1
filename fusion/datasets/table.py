"""A table of one's own recordings: a row a clip, or a part of a long recording; see :data:`rows.COLUMNS`.

Paths are relative to the table. ``start`` and ``end`` are seconds of the video. Skeletons are ``.npz`` files of our
arrays with the ``layout`` of their joints, or files of a known ``format``; their clock is the video's where they have a
pose for each frame, else ``fps``. Flow files are those of ``extract``.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from fusion.datasets.custom.table_rows import FLOWS, Row, read_rows
from fusion.datasets.custom.writer import build_custom, check_frames, safe_ids
from fusion.datasets.writer import Dropped, Recording, Skeletons
from fusion.index.index import Record, extent_of
from modalities.checks import InputError, check_choice, fail
from modalities.flow import FlowFile
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers import (
    read_florence,
    read_lcrnet,
    read_npz,
    read_ntu,
    read_nucla,
    read_pku,
    read_utd_mhad,
)
from modalities.video import VideoInfo

FORMATS: dict[str, tuple[str, Callable[[Path], Poses]]] = {
    "ntu": ("ntu25", read_ntu),
    "pku": ("ntu25", read_pku),
    "nucla": ("kinect20", read_nucla),
    "utd_mhad": ("kinect20", read_utd_mhad),
    "florence": ("florence15", read_florence),
    "lcrnet": ("smarthome13", read_lcrnet),
}
"""Skeleton files besides ``npz``, and the layout that each has."""
KEPT = ("subject", "camera", "split")
Progress = Callable[[list[Any]], Iterable[Any]]


def prepare_table(table: Path, out: Path, *, dtype: str = "float32", progress: Progress = iter) -> dict[str, Any]:
    """Write the packed skeletons and the index; videos and flow files stay where they are.

    Returns:
        the number of ``records``; ``dropped``: ``[{"id", "reason"}]``; the ``protocol`` that was made, and ``notes``.

    Raises:
        InputError: if the file is no table, a column is unknown, or no row can be used.
    """
    rows, dropped = read_rows(table)
    maker = _Maker(table, out)
    layout = maker.layout_of(rows)
    ids = safe_ids([_name_of(row) for row in rows], [str(row.span) for row in rows])
    files: dict[tuple[str, ...], list[tuple[str, Row]]] = defaultdict(list)
    for name, row in zip(ids, rows, strict=True):
        files[tuple(row.words.get(part, "") for part in ("path", "skeleton", *FLOWS))].append((name, row))
    keys = ["|".join(key) for key in files]
    names = safe_ids(keys, keys)

    def recordings() -> Iterator[Recording]:
        for name, cut in progress(list(zip(names, files.values(), strict=True))):
            whole = cut[0][0] if len(cut) == 1 else name
            yield maker.recording(whole, cut, layout)

    skeletons = Skeletons(layout, None, dtype=dtype) if layout is not None else None
    return build_custom(
        "table",
        out,
        recordings(),
        expected={row.words["label"] for row in rows},
        dropped=dropped,
        skeletons=skeletons,
        late=maker.late,
        notes=maker.notes,
    )


class _Maker:
    """Makes recordings of rows; what is found out meanwhile is in ``late`` and ``notes``."""

    def __init__(self, table: Path, out: Path) -> None:
        self.table, self.out = table, out
        self.late: list[Dropped] = []
        self.notes: list[str] = []

    def layout_of(self, rows: list[Row]) -> str | None:
        """The one layout of all skeletons of the table; None where it names none.

        Raises:
            InputError: if a row names none, or another than the rows before it.
        """
        layout = None
        for row in rows:
            if "skeleton" not in row.words:
                continue
            subject = f"layout in {row.where} of '{self.table}'"
            kind = check_choice(f"format in {row.where}", row.words.get("format", "npz"), ["npz", *FORMATS])
            named = row.words.get("layout") or (FORMATS[kind][0] if kind != "npz" else None)
            if named is None:
                fail(subject, "say how the joints of the skeleton are ordered", "none", "add the column layout")
            get_layout(named)
            if kind != "npz" and named != FORMATS[kind][0]:
                fail(subject, f"be '{FORMATS[kind][0]}' as files of format {kind} have", f"'{named}'")
            if layout not in (None, named):
                fail(subject, f"be '{layout}' as in the rows before", f"'{named}'", "make a table of each")
            layout = named
        return layout

    def recording(self, name: str, cut: list[tuple[str, Row]], layout: str | None) -> Recording:
        """One file, or files of one recording, and the rows that are cut from it."""
        row = cut[0][1]
        path, skeleton = row.words.get("path"), row.words.get("skeleton")
        read = None
        if skeleton is not None and layout is not None:
            kind = row.words.get("format", "npz")
            reader = partial(read_npz, layout=layout) if kind == "npz" else FORMATS[kind][1]
            read = partial(reader, self.table.parent / skeleton)
        rows = {own: each for own, each in cut}
        return Recording(
            name,
            tuple(_record(own, each, name) for own, each in cut),
            video=self.table.parent / path if path is not None else None,
            skeleton=read,
            fit=lambda record, info: self._fit(record, info, rows[record["id"]], layout),
        )

    def _fit(self, record: Record, info: VideoInfo | None, row: Row, layout: str | None) -> Record:
        record = check_frames(record, info)
        sources = record["sources"]
        if "skeleton" in sources:
            self._part(record, "skeleton", partial(self._skeleton, record, info, row, layout))
        for stream in FLOWS:
            if stream in row.words:
                self._part(record, stream, partial(self._flow, record, row.words[stream]))
        if not sources:
            fail(f"row of '{record['path']}'", "have a usable part", "none")
        start, end = row.numbers.get("start", 0.0), row.numbers.get("end")
        if row.numbers.keys() & {"start", "end"}:
            length = extent_of(record).end
            if start >= length:
                fail("start", f"be before the end of '{record['path']}' at {length:.2f} s", f"{start:g}")
            if end is not None and end > length:
                self.notes.append(f"{row.where}: end {end:g} s is past '{record['path']}': cut at {length:.2f} s")
            record |= {"start": start, "end": length if end is None else min(end, length)}
        return record

    def _part(self, record: Record, stream: str, make: Callable[[], dict[str, Any]]) -> None:
        """Complete a stream, or leave it out with a reason."""
        try:
            record["sources"][stream] = make()
        except InputError as error:
            record["sources"].pop(stream, None)
            self.late.append({"id": record["id"], "reason": f"{stream}: {error}"})

    def _skeleton(self, record: Record, info: VideoInfo | None, row: Row, layout: str | None) -> dict[str, Any]:
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

    def _flow(self, record: Record, name: str) -> dict[str, Any]:
        path = self.table.parent / name
        video = record["sources"].get("rgb")
        if video is None:
            fail("flow", "come with its video, whose clock it has", "none")
        num = FlowFile(path).num
        if num != video["num"] - 1:
            fail(f"flow '{path}'", f"have {video['num'] - 1} fields as the video has {video['num']} frames", num)
        clock = {"fps": video["fps"]} if "fps" in video else {"times": video["times"][:num]}
        return {"path": os.path.relpath(path.resolve(), self.out.resolve()), "num": num, **clock}


def _record(name: str, row: Row, recording: str) -> Record:
    kept = {key: row.words[key] for key in KEPT if key in row.words}
    whole = {} if recording == name else {"recording": recording}
    return {"id": name, "path": row.path, "class": row.words["label"], **whole, **kept}


def _name_of(row: Row) -> str:
    """What the id of a row is made from: its file, and its part of that."""
    name = row.path.removesuffix(Path(row.path).suffix)
    start, end = row.numbers.get("start"), row.numbers.get("end")
    if start is None and end is None:
        return name
    return f"{name}_{start or 0:g}-{'end' if end is None else f'{end:g}'}"

"""From recordings as found to a prepared dataset: one pass, one skeleton store, a reason for all that is missing."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fusion.datasets.existing_output import note_lost, streams_before
from fusion.index.index import Record, write_index
from modalities.atomic_files import StorageError
from modalities.checks import InputError, fail
from modalities.processes import available_cores
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.pose_store_writer import write_store
from modalities.skeleton.poses import Poses
from modalities.video import VideoInfo, probe

STORE = "skeleton.safetensors"
Dropped = dict[str, str]
"""``{"id", "reason"}`` of a recording, or of a part of one, that could not be used."""


@dataclass(frozen=True)
class Recording:
    """One recording: its parts, each optional, and the records cut from it.

    Args:
        id: names the recording in the store and in the report.
        records: rows of the index without ``sources``: one for a trimmed clip, one a segment for a long recording.
        video: its video file.
        skeleton: reads its poses, when it is their turn.
        fit: the row of each record, once its sources are known and its video is probed; one that it refuses is dropped.
    """

    id: str
    records: tuple[Record, ...]
    video: Path | None = None
    skeleton: Callable[[], Poses] | None = None
    fit: Callable[[Record, VideoInfo | None], Record] | None = None


@dataclass(frozen=True)
class Skeletons:
    """What the skeletons of a dataset have in common.

    Args:
        layout: name of their joint layout.
        fps: poses per second; None where ``Recording.fit`` gives each its clock.
        size: height and width of the frames that joints in pixels refer to; None where there are none.
        dtype: of the store, ``float32`` or ``float16``.
    """

    layout: str
    fps: float | None
    size: tuple[int, int] | None = None
    dtype: str = "float32"


def build(
    out: Path,
    recordings: Iterable[Recording],
    *,
    metainfo: Mapping[str, Any],
    skeletons: Skeletons | None = None,
    dropped: Iterable[Dropped] = (),
    settle: Callable[[list[Record]], tuple[dict[str, Any], list[Record]]] | None = None,
) -> dict[str, Any]:
    """Write ``skeleton.safetensors`` and then ``index.json``; memory does not grow with the length of recordings.

    A part that cannot be read, or that only others have, is missing from its recording, with a reason; a recording
    without parts is left out.
    Until the index is there, which is written last and at once, nothing looks finished.

    Args:
        out: folder of the dataset.
        recordings: in the order in which the store keeps them; may be a generator.
        metainfo: ``dataset``, ``classes`` and free text; ``streams`` are those that some record has.
        skeletons: what the skeletons have in common, where there are some.
        dropped: what was dropped before.
        settle: what only all records together tell: more ``metainfo``, and the rows as they are written.

    Returns:
        the number of ``records`` and ``dropped``, in the order of ids; ``notes`` where streams of an earlier
        preparation are not taken over.

    Raises:
        InputError: if nothing can be used, or the folder holds another dataset.
        StorageError: when the disk is full or the folder cannot be written.
    """
    before = streams_before(out, metainfo["dataset"])
    report = list(dropped)
    lacking: dict[str, list[str]] = {"rgb": [], "skeleton": []}
    records: list[Record] = []
    with ExitStack() as stack:
        store = None
        for recording, probed in _probed(recordings):
            shared: Record = {"sources": {}}
            info: VideoInfo | None = None
            if recording.video is not None and probed is not None:
                try:
                    info = probed.result()
                    shared |= _video(recording.video, info, out)
                except InputError as error:
                    report.append(_reason(recording, "video", error))
            else:
                lacking["rgb"].append(recording.id)
            if recording.skeleton is not None and skeletons is not None:
                try:
                    poses = recording.skeleton()
                    if store is None:
                        store = stack.enter_context(
                            write_store(out / STORE, layout=skeletons.layout, dtype=skeletons.dtype)
                        )
                    shared["sources"]["skeleton"] = _skeleton(store.add(recording.id, poses), poses, skeletons)
                except InputError as error:
                    report.append(_reason(recording, "skeleton", error))
            else:
                lacking["skeleton"].append(recording.id)
            if shared["sources"]:
                rows = [{**record, **shared, "sources": dict(shared["sources"])} for record in recording.records]
                records += _fitted(recording, rows, info, report)
        if not records:
            first = f"'{report[0]['id']}': {report[0]['reason']}" if report else "nothing"
            fail("dataset", "have at least one usable recording", f"none; the first that was dropped is {first}")
        (out / "index.json").unlink(missing_ok=True)  # an earlier one would not fit the store that comes now
    streams = _streams(records, skeletons)
    told, rows = settle(records) if settle is not None else ({}, records)
    write_index(out / "index.json", {**metainfo, **told, "streams": streams}, rows)
    for stream, ids in lacking.items():
        part = "video" if stream == "rgb" else stream
        report += [{"id": name, "reason": f"{part}: there is no file"} for name in ids if stream in streams]
    report.sort(key=lambda row: (row["id"], row["reason"]))
    return {"records": len(records), "dropped": report, **note_lost(out, before, streams)}


def find_files(source: Path, *suffixes: str, without: Path) -> list[Path]:
    """Files below ``source`` whose names end so, in the order of their paths; links are followed, ``without`` is not.

    Raises:
        InputError: if ``source`` is no folder, or is ``without``.
    """
    if not source.is_dir():
        fail("source", "be a folder", f"'{source}'")
    if source.resolve() == without.resolve():
        fail("OUT", "be another folder than SOURCE", f"'{without}'", "name a new one, it may lie within SOURCE")
    found: list[Path] = []
    seen = {without.resolve()}
    for folder, inner, names in os.walk(source, followlinks=True):
        here = Path(folder)
        if here.resolve() in seen:  # the output, or a link back up
            inner.clear()
            continue
        seen.add(here.resolve())
        found += [here / name for name in names if name.endswith(suffixes) and not name.startswith(".")]
    return sorted(found)


def _probed(recordings: Iterable[Recording]) -> Iterator[tuple[Recording, Future[VideoInfo] | None]]:
    """Videos are decoded by threads, some recordings ahead and a core each: Python's lock is not held meanwhile."""
    workers = available_cores()
    ahead: deque[tuple[Recording, Future[VideoInfo] | None]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        for recording in recordings:
            ahead.append((recording, pool.submit(probe, recording.video) if recording.video is not None else None))
            if len(ahead) > 2 * workers:
                yield ahead.popleft()
        yield from ahead
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _video(path: Path, info: VideoInfo, out: Path) -> Record:
    name = os.path.relpath(path.resolve(), out.resolve())
    clock = {"fps": info.fps} if info.times is None else {"times": list(info.times)}
    source = {"path": name, "num": info.num_frames, **clock}
    return {"video": name, "num_frames": info.num_frames, "fps": info.fps, "sources": {"rgb": source}}


def _fitted(
    recording: Recording, rows: list[Record], info: VideoInfo | None, report: list[Dropped]
) -> Iterator[Record]:
    for row in rows:
        try:
            yield recording.fit(row, info) if recording.fit is not None else row
        except InputError as error:
            report.append({"id": row["id"], "reason": str(error)})


def _skeleton(number: int, poses: Poses, skeletons: Skeletons) -> dict[str, Any]:
    clock = {} if skeletons.fps is None else {"fps": skeletons.fps}
    source: dict[str, Any] = {"path": STORE, "clip": number, "num": poses.num, **clock}
    return source if skeletons.size is None else {**source, "size": list(skeletons.size)}


def _reason(recording: Recording, part: str, error: InputError) -> Dropped:
    if isinstance(error, StorageError):  # the next recording could not be written either
        raise error
    return {"id": recording.id, "reason": f"{part}: {error}"}


def _streams(records: list[Record], skeletons: Skeletons | None) -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {"rgb": {"modality": "rgb"}}
    if skeletons is not None:
        layout = get_layout(skeletons.layout)
        known["skeleton"] = {"modality": "skeleton", "layout": layout.name, "channels": layout.dims}
    flows = {name for record in records for name in record["sources"] if name.startswith("flow")}
    known |= {name: {"modality": "flow"} for name in sorted(flows)}
    return {name: known[name] for name in known if any(name in record["sources"] for record in records)}

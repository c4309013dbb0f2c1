"""Writer of prepared datasets: one pass over the recordings, one skeleton store, a reason for all that is missing."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from triad.fusion.datasets.existing_output import existing_streams, missing_streams_note
from triad.fusion.datasets.notes import note_lines, overlap_notes
from triad.fusion.index import Record, write_index
from triad.modalities.atomic_files import StorageError
from triad.modalities.checks import InputError, fail
from triad.modalities.modality import modality_of_stream
from triad.modalities.processes import available_cores
from triad.modalities.skeleton import Plausibility, Poses, custom_definition, get_layout, write_store
from triad.modalities.skeleton.readers import SkeletonRecording
from triad.modalities.video import VideoInfo, probe

STORE = "skeleton.safetensors"
Dropped = dict[str, str]
"""``{"id", "reason"}`` of a recording, a record or a file that could not be used."""
Item = TypeVar("Item")
Progress = Callable[[list[Item]], Iterable[Item]]
"""Function that iterates over a list and shows its progress, as a progress bar does."""


@dataclass(frozen=True)
class Recording:
    """Recording with a video, a skeleton, both or only files that ``finalize`` adds, and the records cut from it.

    Args:
        id: name of the recording in the store and in the report.
        records: rows of the index without ``sources``: one of a trimmed clip, one a segment of a long recording.
        video: path of its video: a file, or a folder of numbered pictures.
        skeleton: function that reads its poses when it is their turn.
        skeleton_file: function that reads a file of poses, given the video if there is one; instead of ``skeleton``.
        finalize: function that completes a record once its sources are known and its video is probed; a record for
            which it raises an ``InputError`` is dropped.
        fps: pictures per second, where ``video`` is a folder of pictures; None where nobody said.
    """

    id: str
    records: tuple[Record, ...]
    video: Path | None = None
    skeleton: Callable[[], Poses] | None = None
    skeleton_file: Callable[[VideoInfo | None], SkeletonRecording] | None = None
    finalize: Callable[[Record, VideoInfo | None], Record] | None = None
    fps: float | None = None


@dataclass(frozen=True)
class SkeletonSpec:
    """Properties that all skeletons of a dataset share.

    Args:
        layout: name of the joint layout.
        fps: poses per second; None if ``Recording.finalize`` adds the times of each.
        size: height and width of the frames that joints in pixels refer to; None for joints in metres.
        dtype: number format of the store, ``float32`` or ``float16``.
    """

    layout: str
    fps: float | None
    size: tuple[int, int] | None = None
    dtype: str = "float32"


def write_dataset(
    out: Path,
    recordings: Iterable[Recording],
    *,
    metainfo: Mapping[str, Any],
    skeletons: SkeletonSpec | None = None,
    dropped: Iterable[Dropped] = (),
    finalize: Callable[[list[Record]], tuple[dict[str, Any], list[Record]]] | None = None,
) -> dict[str, Any]:
    """Write ``skeleton.safetensors`` and ``index.json``; memory does not grow with the length of recordings.

    A video or skeleton that is unreadable, or that other recordings have and this one has not, is reported with a
    reason; a recording without either is left out. The index is written last and at once, so that an interrupted run
    never looks finished.

    Args:
        out: output folder.
        recordings: recordings in the order of the store; may be a generator.
        metainfo: ``dataset``, ``classes`` and free text; ``streams`` are added.
        skeletons: properties of the skeletons, for a dataset with skeletons.
        dropped: entries of the report from before.
        finalize: function from all records to further ``metainfo`` and the records as they are written.

    Returns:
        ``records``, their number; ``dropped``, in the order of ids; ``notes`` about implausible joints, if a video
        deserves one, as a repaired clock does, or streams of an earlier index are not in the new one.

    Raises:
        InputError: If no recording is usable, or the folder holds another dataset.
        StorageError: If the disk is full or the folder is not writable.
    """
    earlier_streams = existing_streams(out, metainfo["dataset"])
    report = list(dropped)
    without_stream: dict[str, list[str]] = {"rgb": [], "skeleton": []}
    records: list[Record] = []
    notes: dict[str, list[str]] = {}  # recordings of each
    plausibility = Plausibility()
    with ExitStack() as stack:
        store = None
        for recording, future_info in _probe_ahead(recordings):
            shared: Record = {"sources": {}}
            info: VideoInfo | None = None
            if recording.video is not None and future_info is not None:
                try:
                    info = future_info.result()
                    shared |= _video_fields(recording.video, info, out)
                    for note in info.notes:
                        notes.setdefault(note, []).append(recording.id)
                except Exception as error:  # whatever one video does must not cost the others
                    report.append(_dropped_stream(recording, "video", error))
            else:
                without_stream["rgb"].append(recording.id)
            if _has_skeleton(recording) and skeletons is not None:
                try:
                    recorded = _read_skeleton(recording, info)
                    poses = recorded.poses
                    if store is None:
                        store = stack.enter_context(
                            write_store(out / STORE, layout=skeletons.layout, dtype=skeletons.dtype)
                        )
                    clip = store.add(recording.id, poses)
                    source = _skeleton_source(clip, recorded, skeletons)
                    shared["sources"]["skeleton"] = source
                    plausibility.add(poses, source.get("size"))
                except InputError as error:
                    report.append(_dropped_stream(recording, "skeleton", error))
            else:
                without_stream["skeleton"].append(recording.id)
            other_files = recording.video is None and not _has_skeleton(recording)  # which ``finalize`` adds
            if shared["sources"] or other_files:
                rows = [{**record, **shared, "sources": dict(shared["sources"])} for record in recording.records]
                records += _finalized(recording, rows, info, report)
        if not records:
            fail("dataset", "have at least one usable recording", f"none; dropped: {summarize_reasons(report)}")
        (out / "index.json").unlink(missing_ok=True)  # it would not fit the store that is put in place now
    streams = _stream_metainfo(records, skeletons)
    further_metainfo, rows = finalize(records) if finalize is not None else ({}, records)
    write_index(out / "index.json", {**metainfo, **further_metainfo, "streams": streams}, rows)
    for stream, ids in without_stream.items():
        name = "video" if stream == "rgb" else stream
        report += [
            {"id": recording_id, "reason": f"{name}: there is no file"} for recording_id in ids if stream in streams
        ]
    report.sort(key=lambda entry: (entry["id"], entry["reason"]))
    missing = missing_streams_note(out, earlier_streams, streams)
    lines = [*plausibility.warnings(), *note_lines(notes), *overlap_notes(rows), *missing]
    return {"records": len(records), "dropped": report, **({"notes": lines} if lines else {})}


def summarize_reasons(dropped: Iterable[Dropped], longest: int = 3) -> str:
    """Return the first kinds of reasons as one line, each with an example and the number of others.

    Reasons that differ only in numbers and in what they quote are of one kind.
    """
    examples: dict[str, list[Dropped]] = {}
    for entry in dropped:
        kind = re.sub(r"'[^']*'|\d+(?:\.\d+)?", "…", entry["reason"])
        examples.setdefault(kind, []).append(entry)
    texts = []
    for entries in list(examples.values())[:longest]:
        count_text = f" and {len(entries) - 1} more" if len(entries) > 1 else ""
        texts.append(f"'{entries[0]['id']}'{count_text}: {entries[0]['reason']}")
    if len(examples) > longest:
        texts.append(f"and reasons of {len(examples) - longest} other kinds")
    return "; ".join(texts) or "nothing"


def find_files(source: Path, *suffixes: str, exclude: Path) -> list[Path]:
    """Return the files below a folder whose names end with one of the suffixes, sorted; symbolic links are followed.

    Args:
        source: folder to search with all its folders.
        suffixes: endings of the names.
        exclude: folder that is not searched.

    Raises:
        InputError: If ``source`` is not a folder, or is ``exclude``.
    """
    if not source.is_dir():
        fail("source", "be a folder", f"'{source}'")
    if source.resolve() == exclude.resolve():
        fail("OUT", "be another folder than SOURCE", f"'{exclude}'", "name a new one, it may lie within SOURCE")
    files: list[Path] = []
    visited = {exclude.resolve()}
    for folder, subfolders, names in os.walk(source, followlinks=True):
        path = Path(folder)
        if path.resolve() in visited:  # the output, or a link to a folder above
            subfolders.clear()
            continue
        visited.add(path.resolve())
        files += [path / name for name in names if name.endswith(suffixes) and not name.startswith(".")]
    return sorted(files)


def _probe_ahead(recordings: Iterable[Recording]) -> Iterator[tuple[Recording, Future[VideoInfo] | None]]:
    """Yield recordings with their probed videos; one thread a core decodes ahead, for PyAV releases Python's lock."""
    workers = available_cores()
    queue: deque[tuple[Recording, Future[VideoInfo] | None]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        for recording in recordings:
            queue.append((recording, _probe(pool, recording)))
            if len(queue) > 2 * workers:
                yield queue.popleft()
        yield from queue
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _probe(pool: ThreadPoolExecutor, recording: Recording) -> Future[VideoInfo] | None:
    return pool.submit(probe, recording.video, fps=recording.fps) if recording.video is not None else None


def _video_fields(path: Path, info: VideoInfo, out: Path) -> Record:
    relative_path = os.path.relpath(path.resolve(), out.resolve())
    clock = {"fps": info.fps} if info.times is None else {"times": list(info.times)}
    source = {"path": relative_path, "num": info.num_frames, **clock}
    if info.repaired:
        source["repaired"] = [[round(second, 3) for second in span] for span in info.repaired]
    return {"video": relative_path, "num_frames": info.num_frames, "fps": info.fps, "sources": {"rgb": source}}


def _has_skeleton(recording: Recording) -> bool:
    return recording.skeleton is not None or recording.skeleton_file is not None


def _read_skeleton(recording: Recording, info: VideoInfo | None) -> SkeletonRecording:
    if recording.skeleton is not None:
        return SkeletonRecording(recording.skeleton())
    if recording.skeleton_file is None:
        fail(f"recording '{recording.id}'", "have a skeleton", "none")
    return recording.skeleton_file(info)


def _skeleton_source(clip: int, recorded: SkeletonRecording, skeletons: SkeletonSpec) -> dict[str, Any]:
    """Return the source of a clip of the store; what its file says stands where the dataset says nothing."""
    fps = recorded.fps if skeletons.fps is None else skeletons.fps
    size = recorded.size if skeletons.size is None else skeletons.size
    clock = {} if fps is None else {"fps": fps}
    source: dict[str, Any] = {"path": STORE, "clip": clip, "num": recorded.poses.num, **clock}
    return source if size is None else {**source, "size": list(size)}


def _finalized(
    recording: Recording, records: list[Record], info: VideoInfo | None, report: list[Dropped]
) -> Iterator[Record]:
    for record in records:
        try:
            yield recording.finalize(record, info) if recording.finalize is not None else record
        except InputError as error:
            report.append({"id": record["id"], "reason": str(error)})


def _dropped_stream(recording: Recording, stream: str, error: Exception) -> Dropped:
    if isinstance(error, StorageError):  # the next recording could not be written either
        raise error
    if not isinstance(error, InputError):
        return {"id": recording.id, "reason": f"{stream}: '{recording.video}' ({type(error).__name__}: {error})"}
    return {"id": recording.id, "reason": f"{stream}: {error}"}


def _stream_metainfo(records: list[Record], skeletons: SkeletonSpec | None) -> dict[str, dict[str, Any]]:
    """Return the ``streams`` of the metainfo: those that at least one record has."""
    streams: dict[str, dict[str, Any]] = {"rgb": {"modality": "rgb"}}
    if skeletons is not None:
        layout = get_layout(skeletons.layout)
        streams["skeleton"] = {"modality": "skeleton", "layout": layout.name, "channels": layout.dims}
        definition = custom_definition(layout.name)
        if definition is not None:
            streams["skeleton"]["definition"] = definition
    for name in sorted({name for record in records for name in record["sources"]} - set(streams)):
        modality = modality_of_stream(name)
        if modality is not None:
            streams[name] = {"modality": modality.name}
    return {name: streams[name] for name in streams if any(name in record["sources"] for record in records)}

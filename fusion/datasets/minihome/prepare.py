"""Preparation of MiniHome: its clips are rendered, not downloaded.

Protocols: people, or a camera, that are new to the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from fusion.datasets.existing_output import existing_streams, missing_streams_note
from fusion.datasets.minihome import CLASSES, LAYOUT, PAIRS, SUBJECTS, Clip, paths, record_of, write_clip
from fusion.datasets.minihome.cameras import CAMERAS
from fusion.datasets.protocols import by_field
from fusion.datasets.registry import Dataset, PrepareOption
from fusion.index import write_index
from modalities.atomic_files import read_json, write_json
from modalities.checks import fail
from modalities.processes import end_with_parent

VERSION = 2
"""Raised whenever the same seed gives other clips, so that an old folder is not mixed with new clips."""
_AHEAD = 8  # clips handed to the workers at once


def list_clips(seed: int, clips: int) -> list[Clip]:
    """Every person's ``clips`` performances of every class."""
    return [
        Clip(seed, label, subject, repetition)
        for label in range(len(CLASSES))
        for subject in SUBJECTS
        for repetition in range(1, clips + 1)
    ]


def metainfo_of(seed: int) -> dict[str, Any]:
    """What the index says about the dataset: classes, streams, what each pair lets a modality see, cameras."""
    return {
        "dataset": "minihome",
        "classes": list(CLASSES),
        "streams": {
            "rgb": {"modality": "rgb"},
            "skeleton": {"modality": "skeleton", "layout": LAYOUT, "channels": 3},
        },
        "pairs": [
            {"name": pair.name, "classes": list(pair.classes), "difference": pair.difference, "sees": pair.sees}
            for pair in PAIRS
        ],
        "cameras": {
            camera.name: {
                "intrinsics": camera.intrinsics.tolist(),
                "rotation": camera.rotation.tolist(),
                "position": camera.position.tolist(),
            }
            for camera in CAMERAS
        },
        "source": f"simulated, version {VERSION}, seed {seed}",
        "license": "Apache-2.0",
    }


def prepare_minihome(
    out: Path,
    *,
    clips: int,
    seed: int,
    workers: int = 2,
    progress: Callable[[list[Clip]], Iterable[Clip]] = iter,
) -> dict[str, Any]:
    """Make the dataset; what is finished is kept, so that an interrupted run goes on.

    Args:
        out: folder of the dataset.
        clips: performances of every person in every class.
        seed: the same seed gives the same bytes.
        workers: processes; 1 works in this one.
        progress: shows how far it is, given the clips that are still to be made.

    Returns:
        the number of ``records``, how many were ``made`` and ``kept``, and ``dropped`` (nothing is); ``notes`` where
        extracted streams are not taken over.

    Raises:
        InputError: if a number is below 1, or the folder holds another dataset, or MiniHome of another seed or version.
    """
    if clips < 1 or workers < 1:
        fail("clips and workers of MiniHome", "be at least 1", f"{clips} and {workers}")
    earlier_streams = existing_streams(out, "minihome")
    _claim(out, {"version": VERSION, "seed": seed})
    wanted = list_clips(seed, clips)
    missing = [clip for clip in wanted if not is_complete(clip, out)]
    with _mapper(workers) as mapped:
        for _ in zip(progress(missing), mapped(partial(write_clip, out=out), missing), strict=True):
            pass
    index = write_index(out / "index.json", metainfo_of(seed), [record_of(clip) for clip in wanted])
    counts = {"records": len(wanted), "made": len(missing), "kept": len(wanted) - len(missing)}
    return {**counts, "dropped": [], **missing_streams_note(out, earlier_streams, index.metainfo["streams"])}


def is_complete(clip: Clip, out: Path) -> bool:
    """Whether all files of a clip are there; each is written at once or not at all."""
    return all((out / name).is_file() for name in paths(clip).values())


def _claim(out: Path, settings: dict[str, int]) -> None:
    """Write the settings beside the clips, or check that they are the same."""
    path, cure = out / "minihome.json", f"delete '{out}' or choose another folder"
    if not path.exists():
        write_json(path, settings)
        return
    found = read_json(path, cure=cure)
    if found != settings:
        fail(f"'{out}'", f"hold MiniHome of {settings} or be empty", found, cure)


@contextmanager
def _mapper(workers: int) -> Iterator[Callable[[Callable[[Clip], None], list[Clip]], Iterable[None]]]:
    if workers == 1:
        yield map
        return
    # spawned, not forked: the caller may hold threads (torch, OpenCV)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start) as pool:
        try:
            yield partial(pool.map, chunksize=_AHEAD)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _start() -> None:
    import cv2

    end_with_parent()
    cv2.setNumThreads(1)


MINIHOME = Dataset(
    name="minihome",
    files="rendered on your machine, nothing to download.",
    prepare=prepare_minihome,
    arguments=("out",),
    options=(
        PrepareOption("clips", 8, "Clips of each person in each class."),
        PrepareOption("seed", 0, "Equal seeds give equal bytes."),
        PrepareOption("workers", 2, "Processes that render."),
    ),
    protocols={
        "cross_subject": by_field(
            "subject",
            val={"s04", "s11", "s17"},
            test={"s02", "s05", "s07", "s10", "s13", "s15", "s18", "s20"},
        ),
        "cross_view": by_field("camera", val={"c2"}, test={"c3"}),
    },
)

"""Preparation of MiniHome: its clips are rendered, not downloaded.

Protocols: people, or a camera, that are new to the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from triad.fusion.datasets import Dataset, PrepareOption, by_field
from triad.fusion.datasets.existing_output import existing_streams, missing_streams_note
from triad.fusion.datasets.minihome import (
    CLASSES,
    LAYOUT,
    PAIRS,
    SUBJECTS,
    ClipSpec,
    clip_paths,
    clip_record,
    write_clip,
)
from triad.fusion.datasets.minihome.cameras import CAMERAS
from triad.fusion.datasets.minihome.object_sensor import OBJECT_CLASSES
from triad.fusion.datasets.minihome.rendering import check_settings, open_map
from triad.fusion.index import write_index
from triad.modalities.checks import fail

VERSION = 2
"""Number that grows whenever the same seed gives other clips, so that old and new ones are not mixed in a folder."""
_CHUNK_SIZE = 8
"""Clips that a worker gets at once."""


def describe_cameras() -> dict[str, dict[str, Any]]:
    """Return the calibration of each camera, as the index has it."""
    return {
        camera.name: {
            "intrinsics": camera.intrinsics.tolist(),
            "rotation": camera.rotation.tolist(),
            "position": camera.position.tolist(),
        }
        for camera in CAMERAS
    }


def list_clips(seed: int, num_repetitions: int) -> list[ClipSpec]:
    """Return the clips of every person in every class."""
    return [
        ClipSpec(seed, label, subject, repetition)
        for label in range(len(CLASSES))
        for subject in SUBJECTS
        for repetition in range(1, num_repetitions + 1)
    ]


def make_metainfo(seed: int) -> dict[str, Any]:
    """Return the metainfo of the index: classes, streams, pairs and their visibility, cameras."""
    return {
        "dataset": "minihome",
        "classes": list(CLASSES),
        "streams": {
            "rgb": {"modality": "rgb"},
            "skeleton": {"modality": "skeleton", "layout": LAYOUT, "channels": 3},
            "objects": {"modality": "objects", "classes": list(OBJECT_CLASSES)},
        },
        "pairs": [
            {"name": pair.name, "classes": list(pair.classes), "difference": pair.difference, "sees": pair.sees}
            for pair in PAIRS
        ],
        "cameras": describe_cameras(),
        "source": f"simulated, version {VERSION}, seed {seed}",
        "license": "Apache-2.0",
    }


def prepare_minihome(
    out: Path,
    *,
    clips: int,
    seed: int,
    workers: int = 2,
    progress: Callable[[list[ClipSpec]], Iterable[ClipSpec]] = iter,
) -> dict[str, Any]:
    """Render the dataset; finished clips are kept, so that an interrupted run continues.

    Args:
        out: output folder.
        clips: number of clips of each person in each class.
        seed: seed of the dataset; equal seeds give equal bytes.
        workers: number of processes; 1 works in this one.
        progress: wrapper of the list of missing clips that shows the progress.

    Returns:
        ``records``, their number; the numbers of clips ``made`` and ``kept``; ``dropped``, which is empty; and
        ``notes`` if streams of an earlier index are not in the new one.

    Raises:
        InputError: If a number is below 1, or the folder holds another dataset, or MiniHome of another seed or version.
    """
    if clips < 1 or workers < 1:
        fail("clips and workers of MiniHome", "be at least 1", f"{clips} and {workers}")
    earlier_streams = existing_streams(out, "minihome")
    check_settings(out, {"version": VERSION, "seed": seed})
    all_clips = list_clips(seed, clips)
    missing = [clip for clip in all_clips if not is_complete(clip, out)]
    with open_map(workers, chunk_size=_CHUNK_SIZE) as map_clips:
        for _ in zip(progress(missing), map_clips(partial(write_clip, out=out), missing), strict=True):
            pass
    index = write_index(out / "index.json", make_metainfo(seed), [clip_record(clip) for clip in all_clips])
    counts = {"records": len(all_clips), "made": len(missing), "kept": len(all_clips) - len(missing)}
    notes = missing_streams_note(out, earlier_streams, index.metainfo["streams"])
    return {**counts, "dropped": [], **({"notes": notes} if notes else {})}


def is_complete(clip: ClipSpec, out: Path) -> bool:
    """Return whether all files of a clip exist; each is written atomically."""
    return all((out / path).is_file() for path in clip_paths(clip).values())


PROTOCOLS = {
    "cross_subject": by_field(
        "subject",
        val={"s04", "s11", "s17"},
        test={"s02", "s05", "s07", "s10", "s13", "s15", "s18", "s20"},
    ),
    "cross_view": by_field("camera", val={"c2"}, test={"c3"}),
}
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
    protocols=PROTOCOLS,
)

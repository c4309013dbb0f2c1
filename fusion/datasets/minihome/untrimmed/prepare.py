"""Preparation of MiniHome untrimmed: its videos are rendered, not downloaded; records are actions, as of other long
videos.

Protocols are those of the clips; a second person is always one of the same split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from triad.fusion.datasets import Dataset, PrepareOption
from triad.fusion.datasets.existing_output import existing_streams, missing_streams_note
from triad.fusion.datasets.minihome import SUBJECTS
from triad.fusion.datasets.minihome.cameras import FPS
from triad.fusion.datasets.minihome.prepare import PROTOCOLS, make_metainfo
from triad.fusion.datasets.minihome.rendering import check_settings, open_map
from triad.fusion.datasets.minihome.untrimmed.schedule import Schedule, VideoSpec, plan_video
from triad.fusion.datasets.minihome.untrimmed.video_files import video_paths, video_records, write_home
from triad.fusion.index import write_index
from triad.modalities.checks import fail

VERSION = 1
"""Number that grows whenever the same seed gives other videos."""
MIN_SECONDS = 10
MAX_SECONDS = 600
"""Longest video: its frames are drawn in memory, half a gigabyte for ten minutes."""
NAME = "minihome_untrimmed"


def plan_videos(seed: int, num_videos: int, seconds: float) -> list[tuple[VideoSpec, Schedule]]:
    """Return the videos of every person and their schedules."""
    rule = PROTOCOLS["cross_subject"]
    split_of = {subject: rule({"subject": subject}) for subject in SUBJECTS}
    videos = [VideoSpec(seed, subject, number, seconds) for subject in SUBJECTS for number in range(1, num_videos + 1)]
    companions = {
        subject: tuple(name for name in SUBJECTS if split_of[name] == split_of[subject]) for subject in SUBJECTS
    }
    return [(video, plan_video(video, companions[video.subject])) for video in videos]


def prepare_untrimmed(
    out: Path,
    *,
    videos: int,
    seconds: float,
    seed: int,
    workers: int = 2,
    progress: Callable[[list[Any]], Iterable[Any]] = iter,
) -> dict[str, Any]:
    """Render the dataset; finished videos are kept, so that an interrupted run continues.

    Args:
        out: output folder.
        videos: number of videos of each person.
        seconds: length that the lengths of the videos lie around.
        seed: seed of the dataset; equal seeds give equal bytes.
        workers: number of processes; 1 works in this one.
        progress: wrapper of the list of missing videos that shows the progress.

    Returns:
        ``records``, the number of actions; the numbers of videos ``made`` and ``kept``; ``dropped``, which is empty;
        and ``notes`` if streams of an earlier index are not in the new one.

    Raises:
        InputError: If a number is out of range, or the folder holds another dataset, or one of other settings.
    """
    if videos < 1 or workers < 1:
        fail("videos and workers of MiniHome", "be at least 1", f"{videos} and {workers}")
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        fail("seconds of MiniHome", f"be from {MIN_SECONDS} to {MAX_SECONDS}", seconds)
    earlier_streams = existing_streams(out, NAME)
    check_settings(out, {"version": VERSION, "seed": seed, "seconds": seconds})
    planned = plan_videos(seed, videos, seconds)
    missing = [item for item in planned if not is_complete(item[0], out)]
    with open_map(workers) as map_videos:
        for _ in zip(progress(missing), map_videos(partial(_write, out), missing), strict=True):
            pass
    durations = {video.id: schedule.num_frames / FPS for video, schedule in planned}
    clips = make_metainfo(seed)
    streams = {name: clips["streams"][name] for name in ("rgb", "skeleton")}
    metainfo = {
        **clips,
        "dataset": NAME,
        "streams": streams,
        "durations": durations,
        "source": f"simulated, version {VERSION}, seed {seed}",
    }
    records = [record for video, schedule in planned for record in video_records(video, schedule)]
    index = write_index(out / "index.json", metainfo, records)
    notes = missing_streams_note(out, earlier_streams, index.metainfo["streams"])
    counts = {"records": len(records), "made": len(missing), "kept": len(planned) - len(missing)}
    return {**counts, "dropped": [], **({"notes": notes} if notes else {})}


def is_complete(video: VideoSpec, out: Path) -> bool:
    """Return whether all files of a video exist; each is written atomically."""
    return all((out / path).is_file() for path in video_paths(video).values())


def _write(out: Path, item: tuple[VideoSpec, Schedule]) -> None:
    write_home(*item, out)


MINIHOME_UNTRIMMED = Dataset(
    name=NAME,
    files="rendered on your machine, nothing to download.",
    prepare=prepare_untrimmed,
    arguments=("out",),
    options=(
        PrepareOption("videos", 1, "Videos of each of the 20 people."),
        PrepareOption("seconds", 60.0, "Length of a video, within 15 per cent."),
        PrepareOption("seed", 0, "Equal seeds give equal bytes."),
        PrepareOption("workers", 2, "Processes that render."),
    ),
    protocols=PROTOCOLS,
    max_persons=2,
)

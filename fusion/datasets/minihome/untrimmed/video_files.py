"""Files of one untrimmed video: frames, measured skeletons and truth; and its records of the index, one an action."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.fusion.datasets.minihome.cameras import FPS, HEIGHT, NUM_FRAMES, WIDTH
from triad.fusion.datasets.minihome.pairs import CLASSES
from triad.fusion.datasets.minihome.render import add_noise, draw_frames
from triad.fusion.datasets.minihome.sensor import measure_skeleton
from triad.fusion.datasets.minihome.untrimmed.home import Home, build_home, hidden_of
from triad.fusion.datasets.minihome.untrimmed.schedule import Schedule, VideoSpec
from triad.fusion.datasets.segments import Segment, segment_records
from triad.fusion.index import Record
from triad.modalities.atomic_files import write_arrays
from triad.modalities.video import write_video


def video_paths(video: VideoSpec) -> dict[str, str]:
    """Return the files of a video relative to the dataset; models never read ``truth``."""
    return {
        "rgb": f"videos/{video.id}.mp4",
        "skeleton": f"skeleton/{video.id}.npz",
        "truth": f"truth/{video.id}.npz",
    }


def write_home(video: VideoSpec, schedule: Schedule, out: Path) -> None:
    """Perform, render and measure a video and write its files; the truth is the last, so that it marks a complete one.

    ``truth/<id>.npz``: of the M people in the order of the schedule the tracks ``joints`` float32 ``[M, T, V, 3]``
    camera metres, ``pixels`` float32 ``[M, T, V, 2]``, ``hidden`` bool ``[M, T, V]``, ``boxes`` float32 ``[M, T, 4]``
    pixels; ``actions`` int64 ``[N, 4]``, person, class, first frame and the frame after the last one of each action;
    and the camera's ``intrinsics`` and ``rotation`` ``[3, 3]`` and ``position`` ``[3]`` (world metres).
    """
    home = build_home(video, schedule)
    paths = video_paths(video)
    hidden = np.stack([hidden_of(home, number) for number in range(len(home.residents))])
    write_video(out / paths["rgb"], add_noise(draw_frames(home.scene), video.rng("camera noise")), fps=FPS)
    write_arrays(out / paths["skeleton"], **_measure(video, home, hidden))
    actions = [
        (person, action.clip.label, action.first, action.end)
        for person, plan in enumerate(schedule.people)
        for action in plan.actions
    ]
    write_arrays(
        out / paths["truth"],
        joints=np.stack([resident.joints for resident in home.residents]).astype(np.float32),
        pixels=np.stack([resident.pixels for resident in home.residents]).astype(np.float32),
        hidden=hidden,
        boxes=np.stack([resident.box for resident in home.residents]).astype(np.float32),
        actions=np.array(actions, dtype=np.int64).reshape(-1, 4),
        intrinsics=home.camera.intrinsics,
        rotation=home.camera.rotation,
        position=home.camera.position,
    )


def _measure(video: VideoSpec, home: Home, hidden: np.ndarray) -> dict[str, np.ndarray]:
    """Return the measured skeletons of all people; the sensor loses a body as often as in clips of two seconds."""
    people: dict[str, list[np.ndarray]] = {"keypoints": [], "scores": [], "pixels": []}
    pieces = [slice(first, first + NUM_FRAMES) for first in range(0, home.scene.num_frames, NUM_FRAMES)]
    for number, resident in enumerate(home.residents):
        rng = video.rng(f"sensor {number}")
        measured = [
            measure_skeleton(home.camera, resident.joints[piece], hidden[number, piece], rng) for piece in pieces
        ]
        for name, arrays in people.items():
            arrays.append(np.concatenate([getattr(item, name) for item in measured], axis=1))
    return {name: np.concatenate(arrays) for name, arrays in people.items()}


def video_records(video: VideoSpec, schedule: Schedule) -> tuple[Record, ...]:
    """Return the records of a video, one an action, in the order of time."""
    paths = video_paths(video)
    clock = {"num": schedule.num_frames, "fps": FPS}
    fields = {
        "video": paths["rgb"],
        "num_frames": schedule.num_frames,
        "fps": FPS,
        "subject": video.subject,
        "camera": video.camera.name,
        "repetition": video.number,
        "sources": {
            "rgb": {"path": paths["rgb"], **clock},
            "skeleton": {"path": paths["skeleton"], **clock, "size": [HEIGHT, WIDTH]},
        },
    }
    segments = [
        Segment(action.clip.label, action.first, action.end, {"person": person, "performer": plan.subject})
        for person, plan in enumerate(schedule.people)
        for action in plan.actions
    ]
    records, _ = segment_records(
        video.id,
        sorted(segments, key=lambda segment: (segment.first, segment.end)),
        fields=fields,
        num_classes=len(CLASSES),
        fps=FPS,
        num_frames=schedule.num_frames,
    )
    return records

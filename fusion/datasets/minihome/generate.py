"""The files of one clip: video, measured skeleton, truth, and its row of the index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fusion.datasets.minihome.cameras import FPS, FRAMES, HEIGHT, WIDTH
from fusion.datasets.minihome.performance import Clip, perform
from fusion.datasets.minihome.render import add_noise, draw_flow, draw_frames
from fusion.datasets.minihome.sensor import hidden_joints, measure
from fusion.index import Record
from modalities.atomic_files import write_arrays
from modalities.video import write_video

LAYOUT = "minihome16"
DENSE_SUBJECTS = ("s02",)
"""Who has true dense flow in the first repetition of every class; a person of the cross-subject test split."""


def paths(clip: Clip) -> dict[str, str]:
    """Files of a clip relative to the dataset; ``truth`` is never read by a model."""
    return {
        "rgb": f"videos/{clip.id}.mp4",
        "skeleton": f"skeleton/{clip.id}.npz",
        "truth": f"truth/{clip.id}.npz",
    }


def write_clip(clip: Clip, out: Path) -> None:
    """Play, film and measure a clip and write its files; the truth last, so that it says that the clip is complete.

    ``truth/<id>.npz``: ``joints`` float32 ``[T, V, 3]`` camera metres, ``pixels`` float32 ``[T, V, 2]``, ``hidden``
    bool ``[T, V]``, the camera's ``intrinsics`` and ``rotation`` ``[3, 3]`` and ``position`` ``[3]`` (world metres),
    and for :data:`DENSE_SUBJECTS` ``flow`` float16 ``[T - 1, H, W, 2]`` in pixels a frame.
    """
    performance = perform(clip)
    scene, camera = performance.scene, performance.camera
    hidden = hidden_joints(scene, performance.pixels)
    frames = add_noise(draw_frames(scene), clip.own_rng("camera noise"))
    measured = measure(camera, performance.joints, hidden, clip.own_rng("sensor"))
    names = paths(clip)
    write_video(out / names["rgb"], frames, fps=FPS)
    write_arrays(
        out / names["skeleton"],
        keypoints=measured.keypoints,
        scores=measured.scores,
        pixels=measured.pixels,
    )
    truth = {
        "joints": performance.joints.astype(np.float32),
        "pixels": performance.pixels.astype(np.float32),
        "hidden": hidden,
        "intrinsics": camera.intrinsics,
        "rotation": camera.rotation,
        "position": camera.position,
    }
    if clip.subject in DENSE_SUBJECTS and clip.repetition == 1:
        truth["flow"] = draw_flow(scene).astype(np.float16)
    write_arrays(out / names["truth"], **truth)


def true_flow(record: Record, times: Sequence[int], *, seed: int) -> np.ndarray:
    """The true flow of a record from the frames at ``times``: the clip is played again, whoever acts in it.

    Args:
        record: of :func:`record_of`.
        times: numbers of frames, none of them the last.
        seed: of the dataset.

    Shapes: float32 ``[len(times), H, W, 2]``, pixels per frame interval.
    """
    clip = Clip(seed, record["label"], record["subject"], record["repetition"])
    return draw_flow(perform(clip).scene, times)


def record_of(clip: Clip) -> Record:
    """The row of the index."""
    names = paths(clip)
    clock = {"num": FRAMES, "fps": FPS}
    return {
        "id": clip.id,
        "label": clip.label,
        "video": names["rgb"],
        "num_frames": FRAMES,
        "fps": FPS,
        "subject": clip.subject,
        "camera": clip.camera.name,
        "repetition": clip.repetition,
        "sources": {
            "rgb": {"path": names["rgb"], **clock},
            "skeleton": {"path": names["skeleton"], **clock, "size": [HEIGHT, WIDTH]},
        },
    }

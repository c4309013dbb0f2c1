"""Files of one clip: video, measured skeleton, measured objects and truth; and its record of the index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from triad.fusion.datasets.minihome.cameras import FPS, HEIGHT, NUM_FRAMES, WIDTH
from triad.fusion.datasets.minihome.clip_spec import ClipSpec
from triad.fusion.datasets.minihome.object_sensor import OBJECT_CLASSES, measure_objects, true_boxes
from triad.fusion.datasets.minihome.performance import perform
from triad.fusion.datasets.minihome.render import add_noise, draw_flow, draw_frames
from triad.fusion.datasets.minihome.sensor import hidden_joints, measure_skeleton
from triad.fusion.index import Record
from triad.modalities.atomic_files import write_arrays
from triad.modalities.objects.object_file import StoredObjects, write_objects
from triad.modalities.video import write_video

LAYOUT = "minihome16"
DENSE_SUBJECTS = ("s02",)
"""Persons whose first repetition of every class has true dense flow; they are of the cross-subject test split."""


def clip_paths(clip: ClipSpec) -> dict[str, str]:
    """Return the files of a clip relative to the dataset; models never read ``truth``."""
    return {
        "rgb": f"videos/{clip.id}.mp4",
        "skeleton": f"skeleton/{clip.id}.npz",
        "objects": f"objects/{clip.id}.npz",
        "truth": f"truth/{clip.id}.npz",
    }


def write_clip(clip: ClipSpec, out: Path) -> None:
    """Perform, render and measure a clip and write its files; the truth is the last, so that it marks a complete clip.

    ``truth/<id>.npz``: ``joints`` float32 ``[T, V, 3]`` camera metres, ``pixels`` float32 ``[T, V, 2]``, ``hidden``
    bool ``[T, V]``, ``box_<class>`` float32 ``[T, 4]`` of each object in pixels, the camera's ``intrinsics`` and
    ``rotation`` ``[3, 3]`` and ``position`` ``[3]`` (world metres), and for :data:`DENSE_SUBJECTS` ``flow`` float16
    ``[T - 1, H, W, 2]`` in pixels a frame.
    """
    performance = perform(clip)
    scene = performance.scene
    camera = performance.camera
    hidden = hidden_joints(scene, performance.pixels)
    frames = add_noise(draw_frames(scene), clip.clip_rng("camera noise"))
    measured = measure_skeleton(camera, performance.joints, hidden, clip.clip_rng("sensor"))
    paths = clip_paths(clip)
    write_video(out / paths["rgb"], frames, fps=FPS)
    write_arrays(
        out / paths["skeleton"],
        keypoints=measured.keypoints,
        scores=measured.scores,
        pixels=measured.pixels,
    )
    boxes = true_boxes(clip, scene)
    objects = measure_objects(boxes, scene.num_frames, clip.clip_rng("object detector"))
    provenance = {"detector": "simulated"}
    write_objects(out / paths["objects"], StoredObjects(*objects, OBJECT_CLASSES, (HEIGHT, WIDTH), provenance))
    truth = {
        "joints": performance.joints.astype(np.float32),
        "pixels": performance.pixels.astype(np.float32),
        "hidden": hidden,
        "intrinsics": camera.intrinsics,
        "rotation": camera.rotation,
        "position": camera.position,
        **{f"box_{name}": box.astype(np.float32) for name, box in boxes.items()},
    }
    if clip.subject in DENSE_SUBJECTS and clip.repetition == 1:
        truth["flow"] = draw_flow(scene).astype(np.float16)
    write_arrays(out / paths["truth"], **truth)


def true_flow(record: Record, times: Sequence[int], *, seed: int) -> np.ndarray:
    """Return the true flow of a record of any subject, for which the clip is performed again.

    Args:
        record: record of :func:`clip_record`.
        times: numbers of frames from which the flow starts, none of them the last.
        seed: seed of the dataset.

    Shapes: float32 ``[len(times), H, W, 2]``, pixels per frame interval.
    """
    clip = ClipSpec(seed, record["label"], record["subject"], record["repetition"])
    return draw_flow(perform(clip).scene, times)


def clip_record(clip: ClipSpec) -> Record:
    """Return the record of a clip."""
    paths = clip_paths(clip)
    clock = {"num": NUM_FRAMES, "fps": FPS}
    return {
        "id": clip.id,
        "label": clip.label,
        "video": paths["rgb"],
        "num_frames": NUM_FRAMES,
        "fps": FPS,
        "subject": clip.subject,
        "camera": clip.camera.name,
        "repetition": clip.repetition,
        "sources": {
            "rgb": {"path": paths["rgb"], **clock},
            "skeleton": {"path": paths["skeleton"], **clock, "size": [HEIGHT, WIDTH]},
            "objects": {"path": paths["objects"], **clock, "size": [HEIGHT, WIDTH]},
        },
    }

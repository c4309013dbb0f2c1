"""The measured skeleton: what a depth camera would report of the true joints.

A depth camera finds a joint in the image and reads its depth there, so errors are drawn in pixels and in depth:
:data:`JITTER` metres each, half of their variance slow (over :data:`MEMORY` frames), half fresh in each frame. What
another part of the picture covers is mostly lost, and now and then the whole body is lost for a few frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy.signal import lfilter

from fusion.datasets.minihome.body import JOINTS
from fusion.datasets.minihome.cameras import HEIGHT, WIDTH, Camera
from fusion.datasets.minihome.render import Scene, draw_parts

JITTER = 0.02  # metres
MEMORY = 8.0  # frames
LOST_HIDDEN, LOST_SEEN = 0.75, 0.02  # share of the time that a hidden and a visible joint are lost
DROPOUT = 0.2  # share of clips in which the body is lost once, for 2–4 frames

_TRUNK = ("torso", "neck", "head")
PARTS: dict[str, tuple[str, ...]] = {
    "pelvis": ("torso", "left_thigh", "right_thigh"),
    "spine": _TRUNK,
    "neck": _TRUNK,
    "head": ("head",),
    **{
        f"{side}_{joint}": tuple(f"{side}_{part}" if part not in _TRUNK else part for part in parts)
        for side in ("left", "right")
        for joint, parts in {
            "shoulder": ("upper_arm", "torso"),
            "elbow": ("upper_arm", "forearm"),
            "wrist": ("forearm",),
            "hip": ("thigh", "torso"),
            "knee": ("thigh", "shin"),
            "ankle": ("shin", "foot"),
        }.items()
    },
}
"""The patches that show each joint; whatever is painted later hides it."""
QUICK = ("left_hand", "right_hand", "spoon")
"""What hides nothing: lost joints would otherwise flicker with the beat that skeletons must not see."""


@dataclass(frozen=True, repr=False)
class Measured:
    """A measured skeleton of one person; lost joints have score 0 and coordinates 0.

    Shapes: ``keypoints`` float32 ``[1, T, V, 3]`` camera metres, ``scores`` float32 ``[1, T, V]``, ``pixels`` float32
    ``[1, T, V, 2]``.
    """

    keypoints: np.ndarray
    scores: np.ndarray
    pixels: np.ndarray


def hidden_joints(scene: Scene, pixels: np.ndarray) -> np.ndarray:
    """Which joints something painted later covers, or lie outside the picture.

    Shapes: pixels ``[T, V, 2]`` -> bool ``[T, V]``.
    """
    solid = Scene(scene.background, [thing for thing in scene.things if thing.part not in QUICK], scene.num_frames)
    parts = draw_parts(solid)
    own = np.array(
        [max((n for part in PARTS[joint] for n in solid.part_numbers(part)), default=-1) for joint in JOINTS]
    )
    columns, rows = np.rint(pixels).astype(int).transpose(2, 0, 1)  # [T, V] each
    outside = (columns < 0) | (columns >= WIDTH) | (rows < 0) | (rows >= HEIGHT)
    times = np.arange(len(pixels))[:, None]
    shown = parts[times, np.clip(rows, 0, HEIGHT - 1), np.clip(columns, 0, WIDTH - 1)]
    return outside | (shown > own)


def slow_noise(rng: np.random.Generator, shape: tuple[int, ...], memory: float = MEMORY) -> np.ndarray:
    """Unit Gaussian noise that forgets over ``memory`` frames along the first axis (first-order autoregression)."""
    keep = np.exp(-1.0 / memory)
    fresh = rng.standard_normal(shape)
    fresh[1:] *= np.sqrt(1 - keep**2)
    return lfilter([1.0], [1.0, -keep], fresh, axis=0)


def measure(camera: Camera, joints: np.ndarray, hidden: np.ndarray, rng: np.random.Generator) -> Measured:
    """Measure true joints.

    Shapes: joints ``[T, V, 3]`` camera metres, hidden bool ``[T, V]``.
    """
    depth, pixels = joints[..., 2], camera.project(joints)
    sigma = JITTER * np.where(hidden, 2.5, 1.0)
    error = np.sqrt(0.5) * (slow_noise(rng, joints.shape) + rng.standard_normal(joints.shape))
    per_metre = camera.focal / np.median(depth)
    pixels = pixels + error[..., :2] * sigma[..., None] * per_metre
    depth = depth + error[..., 2] * sigma

    # a slow Gaussian below a threshold: lost joints stay lost for a while
    threshold = np.where(hidden, NormalDist().inv_cdf(LOST_HIDDEN), NormalDist().inv_cdf(LOST_SEEN))
    lost = slow_noise(rng, hidden.shape, memory=5.0) < threshold
    begin, length = rng.integers(len(joints)), rng.integers(2, 5)
    if rng.random() < DROPOUT:
        lost[begin : begin + length] = True
    scores = np.clip(np.where(hidden, 0.35, 0.85) + 0.08 * rng.standard_normal(hidden.shape), 0.05, 1.0)
    scores[lost] = 0.0
    points = camera.unproject(pixels, depth)
    points[lost], pixels[lost] = 0.0, 0.0
    return Measured(*(array[None].astype(np.float32) for array in (points, scores, pixels)))

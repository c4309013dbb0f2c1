"""Simulated depth camera: the skeleton that it would measure, from the true joints.

A depth camera detects a joint in the image and reads its depth there, so errors are drawn in pixels and in depth:
:data:`JITTER` metres each, half of their variance slow (over :data:`NOISE_MEMORY` frames), half fresh in each frame.
Joints that another component of the picture covers are mostly lost, and sometimes the whole body is lost for a few
frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy.signal import lfilter

from triad.fusion.datasets.minihome.body import JOINTS
from triad.fusion.datasets.minihome.cameras import HEIGHT, WIDTH, Camera
from triad.fusion.datasets.minihome.render import Scene, draw_layer_map

JITTER = 0.02  # metres
NOISE_MEMORY = 8.0  # frames
LOST_SHARE_HIDDEN = 0.75  # share of the time for which a hidden joint is lost
LOST_SHARE_VISIBLE = 0.02
DROPOUT_SHARE = 0.2  # share of clips in which the body is lost once, for 2–4 frames

_UPPER_BODY = ("torso", "neck", "head")
COMPONENTS_OF_JOINT: dict[str, tuple[str, ...]] = {
    "pelvis": ("torso", "left_thigh", "right_thigh"),
    "spine": _UPPER_BODY,
    "neck": _UPPER_BODY,
    "head": ("head",),
    **{
        f"{side}_{joint}": tuple(f"{side}_{name}" if name not in _UPPER_BODY else name for name in components)
        for side in ("left", "right")
        for joint, components in {
            "shoulder": ("upper_arm", "torso"),
            "elbow": ("upper_arm", "forearm"),
            "wrist": ("forearm",),
            "hip": ("thigh", "torso"),
            "knee": ("thigh", "shin"),
            "ankle": ("shin", "foot"),
        }.items()
    },
}
"""Components that show each joint; whatever is painted after all of them hides it."""
NON_OCCLUDING = ("left_hand", "right_hand", "spoon")
"""Components that hide no joint; lost joints would otherwise flicker with oscillations that skeletons must not see."""


@dataclass(frozen=True, repr=False)
class MeasuredSkeleton:
    """Measured skeleton of one person; lost joints have score 0 and coordinates 0.

    Args:
        keypoints: camera metres, float32 ``[1, T, V, 3]``.
        scores: confidences, float32 ``[1, T, V]``.
        pixels: pixels, float32 ``[1, T, V, 2]``.
    """

    keypoints: np.ndarray
    scores: np.ndarray
    pixels: np.ndarray


def hidden_joints(scene: Scene, pixels: np.ndarray) -> np.ndarray:
    """Return which joints are covered by a later layer, or lie outside the picture.

    Args:
        scene: scene of the clip.
        pixels: true pixels of the joints.

    Shapes: ``[T, V, 2]`` -> bool ``[T, V]``.
    """
    occluders = [layer for layer in scene.layers if layer.component not in NON_OCCLUDING]
    solid_scene = Scene(scene.background, occluders, scene.num_frames)
    layer_map = draw_layer_map(solid_scene)
    last_layer = np.array(
        [
            max((index for name in COMPONENTS_OF_JOINT[joint] for index in solid_scene.layer_indices(name)), default=-1)
            for joint in JOINTS
        ]
    )
    columns, rows = np.rint(pixels).astype(int).transpose(2, 0, 1)  # [T, V] each
    outside = (columns < 0) | (columns >= WIDTH) | (rows < 0) | (rows >= HEIGHT)
    times = np.arange(len(pixels))[:, None]
    top_layer = layer_map[times, np.clip(rows, 0, HEIGHT - 1), np.clip(columns, 0, WIDTH - 1)]
    return outside | (top_layer > last_layer)


def autoregressive_noise(rng: np.random.Generator, shape: tuple[int, ...], memory: float = NOISE_MEMORY) -> np.ndarray:
    """Return unit Gaussian noise of a first-order autoregression along the first axis.

    Args:
        rng: generator of the noise.
        shape: shape of the result.
        memory: frames over which the correlation falls to 1/e.
    """
    correlation = np.exp(-1.0 / memory)
    innovations = rng.standard_normal(shape)
    innovations[1:] *= np.sqrt(1 - correlation**2)
    return lfilter([1.0], [1.0, -correlation], innovations, axis=0)


def measure_skeleton(
    camera: Camera, joints: np.ndarray, hidden: np.ndarray, rng: np.random.Generator
) -> MeasuredSkeleton:
    """Return the measured skeleton of true joints.

    Args:
        camera: camera of the clip.
        joints: true joints in camera metres, ``[T, V, 3]``.
        hidden: hidden joints, bool ``[T, V]``.
        rng: generator of the noise.
    """
    depth = joints[..., 2]
    sigma = JITTER * np.where(hidden, 2.5, 1.0)
    error = np.sqrt(0.5) * (autoregressive_noise(rng, joints.shape) + rng.standard_normal(joints.shape))
    pixels_per_metre = camera.focal / np.median(depth)
    measured_pixels = camera.project(joints) + error[..., :2] * sigma[..., None] * pixels_per_metre
    measured_depth = depth + error[..., 2] * sigma

    # slow noise below a threshold, so that lost joints stay lost for a few frames
    threshold = np.where(hidden, NormalDist().inv_cdf(LOST_SHARE_HIDDEN), NormalDist().inv_cdf(LOST_SHARE_VISIBLE))
    is_lost = autoregressive_noise(rng, hidden.shape, memory=5.0) < threshold
    begin = rng.integers(len(joints))
    length = rng.integers(2, 5)
    if rng.random() < DROPOUT_SHARE:
        is_lost[begin : begin + length] = True
    scores = np.clip(np.where(hidden, 0.35, 0.85) + 0.08 * rng.standard_normal(hidden.shape), 0.05, 1.0)
    keypoints = camera.unproject(measured_pixels, measured_depth)
    for array in (scores, keypoints, measured_pixels):
        array[is_lost] = 0.0
    return MeasuredSkeleton(*(array[None].astype(np.float32) for array in (keypoints, scores, measured_pixels)))

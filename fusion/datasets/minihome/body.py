"""Joints of a body from the motion of pelvis, trunk, wrists and feet, by inverse kinematics of two-bone limbs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.fusion.datasets.minihome.people import Person

JOINTS: tuple[str, ...] = (
    *("pelvis", "spine", "neck", "head"),
    *("left_shoulder", "left_elbow", "left_wrist", "right_shoulder", "right_elbow", "right_wrist"),
    *("left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle"),
)
"""Joints of the layout ``minihome16``."""
EXTRA_POINTS: tuple[str, ...] = ("left_tip", "right_tip", "left_toe", "right_toe", "crown", "prop_start", "prop_end")
"""Points that are drawn but are not joints of the skeleton."""
POINTS: dict[str, int] = {name: index for index, name in enumerate((*JOINTS, *EXTRA_POINTS))}
"""Indices of all points by their names."""


@dataclass(frozen=True, repr=False)
class Motion:
    """Motion of a body in its own frame: metres, x to its left, y up, z to its front, origin on the floor.

    Args:
        pelvis: positions of the pelvis, ``[T, 3]``.
        lean: forward lean of the trunk in radians, ``[T]``.
        wrists: positions of the wrists, left then right, ``[T, 2, 3]``.
        fingers: unit directions of the hands, ``[T, 2, 3]``.
        elbows: directions to which the elbows point, ``[T, 2, 3]``.
        ankles: positions of the ankles, ``[2, 3]``.
        prop: start and end of the held object, ``[T, 2, 3]``, or None.
    """

    pelvis: np.ndarray
    lean: np.ndarray
    wrists: np.ndarray
    fingers: np.ndarray
    elbows: np.ndarray
    ankles: np.ndarray
    prop: np.ndarray | None = None


def two_bone_ik(
    root: np.ndarray, target: np.ndarray, first_length: float, second_length: float, pole: np.ndarray
) -> np.ndarray:
    """Return the middle joint of a limb that reaches from ``root`` to ``target`` and is bent towards ``pole``.

    For a target out of reach the bones are stretched; motion programs keep within reach.

    Args:
        root: position of the first joint.
        target: position of the last joint.
        first_length: length of the first bone in metres.
        second_length: length of the second bone in metres.
        pole: direction to which the middle joint points.

    Shapes: ``[..., 3]`` each -> ``[..., 3]``.
    """
    line = target - root
    distance = np.linalg.norm(line, axis=-1, keepdims=True)
    direction = line / np.maximum(distance, 1e-6)
    reachable = np.clip(distance, 1e-6, 0.999 * (first_length + second_length))
    along = (first_length**2 - second_length**2 + reachable**2) / (2 * reachable)
    across = np.sqrt(np.maximum(first_length**2 - along**2, 0.0))
    normal = pole - (pole * direction).sum(-1, keepdims=True) * direction
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    return root + direction * along * distance / reachable + normal * across


def limit_distance(root: np.ndarray, target: np.ndarray, length: float) -> np.ndarray:
    """Return the target, moved towards ``root`` where it is farther away than ``length``; ``[..., 3]`` each."""
    line = target - root
    distance = np.linalg.norm(line, axis=-1, keepdims=True)
    return root + line * np.minimum(1.0, length / np.maximum(distance, 1e-6))


def trunk_points(person: Person, pelvis: np.ndarray, lean: np.ndarray) -> dict[str, np.ndarray]:
    """Return the points of trunk and head, ``[T, 3]`` each."""
    up = np.stack([np.zeros_like(lean), np.cos(lean), np.sin(lean)], axis=-1)
    head_up = np.stack([np.zeros_like(lean), np.cos(0.6 * lean), np.sin(0.6 * lean)], axis=-1)
    neck = pelvis + person.trunk * up
    head = neck + person.neck * head_up
    side = np.array([1.0, 0.0, 0.0])
    points = {"pelvis": pelvis, "spine": pelvis + 0.5 * person.trunk * up, "neck": neck, "head": head}
    points["crown"] = head + 0.065 * person.height * head_up
    for name, sign in (("left", 1.0), ("right", -1.0)):
        points[f"{name}_shoulder"] = neck - 0.03 * up + sign * person.shoulder * side
        points[f"{name}_hip"] = pelvis - 0.02 * up + sign * person.hip * side
    return points


def solve_body(person: Person, motion: Motion) -> np.ndarray:
    """Return all points of a body in the order of :data:`POINTS`, ``[T, P, 3]``; those of a missing prop are NaN."""
    points = trunk_points(person, motion.pelvis, motion.lean)
    forward = np.array([0.0, -0.1, 1.0])
    for side, name in enumerate(("left", "right")):
        shoulder = points[f"{name}_shoulder"]
        hip = points[f"{name}_hip"]
        wrist = limit_distance(shoulder, motion.wrists[:, side], 0.995 * person.arm)
        points[f"{name}_wrist"] = wrist
        points[f"{name}_elbow"] = two_bone_ik(shoulder, wrist, person.upper_arm, person.forearm, motion.elbows[:, side])
        points[f"{name}_tip"] = wrist + person.hand * motion.fingers[:, side]
        ankle = np.broadcast_to(motion.ankles[side], hip.shape)
        points[f"{name}_ankle"] = ankle
        points[f"{name}_knee"] = two_bone_ik(hip, ankle, person.thigh, person.shin, forward)
        points[f"{name}_toe"] = ankle + np.array([0.0, -0.5 * person.ankle, 0.085 * person.height])
    for end, name in enumerate(("prop_start", "prop_end")):
        points[name] = motion.prop[:, end] if motion.prop is not None else np.full_like(motion.pelvis, np.nan)
    return np.stack([points[name] for name in POINTS], axis=1)


def mirror_body(points: np.ndarray) -> np.ndarray:
    """Return the body with left and right exchanged, ``[T, P, 3]``."""
    swapped = [POINTS[name.replace("left", "#").replace("right", "left").replace("#", "right")] for name in POINTS]
    return points[:, swapped] * np.array([-1.0, 1.0, 1.0])

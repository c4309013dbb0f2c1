"""From what a motion asks of pelvis, trunk, wrists and feet to the joints of a body: two-bone inverse kinematics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fusion.datasets.minihome.people import Person

JOINTS: tuple[str, ...] = (
    *("pelvis", "spine", "neck", "head"),
    *("left_shoulder", "left_elbow", "left_wrist", "right_shoulder", "right_elbow", "right_wrist"),
    *("left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle"),
)
"""The layout ``minihome16``."""
EXTRAS: tuple[str, ...] = ("left_tip", "right_tip", "left_toe", "right_toe", "crown", "prop_start", "prop_end")
"""Points that are drawn but that no skeleton has."""
POINTS: dict[str, int] = {name: number for number, name in enumerate((*JOINTS, *EXTRAS))}


@dataclass(frozen=True, repr=False)
class Motion:
    """What the body does, in its own frame: metres, x to its left, y up, z to its front, origin on the floor.

    Shapes: ``pelvis`` ``[T, 3]``; ``lean`` radians forward ``[T]``; ``wrists``, ``fingers`` (unit directions of the
    hands), ``elbows`` (directions to which the elbows point) ``[T, 2, 3]``, left then right; ``ankles`` ``[2, 3]``;
    ``prop`` start and end of the held thing ``[T, 2, 3]``, or None.
    """

    pelvis: np.ndarray
    lean: np.ndarray
    wrists: np.ndarray
    fingers: np.ndarray
    elbows: np.ndarray
    ankles: np.ndarray
    prop: np.ndarray | None = None


def bend(root: np.ndarray, target: np.ndarray, first: float, second: float, pole: np.ndarray) -> np.ndarray:
    """The middle joint of a limb of two bones that reaches from ``root`` to ``target``, bent towards ``pole``.

    A target out of reach is met by longer bones; programs keep within reach.

    Shapes: ``[..., 3]`` each -> ``[..., 3]``.
    """
    line = target - root
    distance = np.linalg.norm(line, axis=-1, keepdims=True)
    unit = line / np.maximum(distance, 1e-6)
    clipped = np.clip(distance, 1e-6, 0.999 * (first + second))
    along = (first**2 - second**2 + clipped**2) / (2 * clipped)
    aside = np.sqrt(np.maximum(first**2 - along**2, 0.0))
    out = pole - (pole * unit).sum(-1, keepdims=True) * unit
    out /= np.maximum(np.linalg.norm(out, axis=-1, keepdims=True), 1e-6)
    return root + unit * along * distance / clipped + out * aside


def reach(root: np.ndarray, target: np.ndarray, length: float) -> np.ndarray:
    """The target, drawn towards ``root`` where it is farther away than ``length``; ``[..., 3]`` each."""
    line = target - root
    distance = np.linalg.norm(line, axis=-1, keepdims=True)
    return root + line * np.minimum(1.0, length / np.maximum(distance, 1e-6))


def trunk_points(person: Person, pelvis: np.ndarray, lean: np.ndarray) -> dict[str, np.ndarray]:
    """Joints of trunk and head, ``[T, 3]`` each."""
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


def solve(person: Person, motion: Motion) -> np.ndarray:
    """All points of a body, ``[T, P, 3]`` in the order of :data:`POINTS`; absent prop points are NaN."""
    points = trunk_points(person, motion.pelvis, motion.lean)
    forward = np.array([0.0, -0.1, 1.0])
    for side, name in enumerate(("left", "right")):
        shoulder, hip = points[f"{name}_shoulder"], points[f"{name}_hip"]
        wrist = reach(shoulder, motion.wrists[:, side], 0.995 * person.arm)
        points[f"{name}_wrist"] = wrist
        points[f"{name}_elbow"] = bend(shoulder, wrist, person.upper_arm, person.forearm, motion.elbows[:, side])
        points[f"{name}_tip"] = wrist + person.hand * motion.fingers[:, side]
        ankle = np.broadcast_to(motion.ankles[side], hip.shape)
        points[f"{name}_ankle"] = ankle
        points[f"{name}_knee"] = bend(hip, ankle, person.thigh, person.shin, forward)
        points[f"{name}_toe"] = ankle + np.array([0.0, -0.5 * person.ankle, 0.085 * person.height])
    for end, name in enumerate(("prop_start", "prop_end")):
        points[name] = motion.prop[:, end] if motion.prop is not None else np.full_like(motion.pelvis, np.nan)
    return np.stack([points[name] for name in POINTS], axis=1)


def mirror(points: np.ndarray) -> np.ndarray:
    """The same body with left and right exchanged, ``[T, P, 3]``."""
    swapped = [POINTS[name.replace("left", "#").replace("right", "left").replace("#", "right")] for name in POINTS]
    return points[:, swapped] * np.array([-1.0, 1.0, 1.0])

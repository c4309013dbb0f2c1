"""A person as a list of patches, in the order in which they are painted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fusion.datasets.minihome.body import POINTS
from fusion.datasets.minihome.colors import Color, mix, shade
from fusion.datasets.minihome.people import Clothes, Person
from fusion.datasets.minihome.shapes import Shape, band, capsule, ellipse


@dataclass(frozen=True, repr=False)
class Figure:
    """The patches of a person.

    Args:
        behind: everything up to the near upper arm.
        arms: forearm and hand, the far one first; what stands or is held before the body goes between.
    """

    behind: list[Shape]
    forearms: list[Shape]
    hands: list[Shape]


class Tailor:
    """Cuts the patches of one person.

    Args:
        pixels: ``[T, P, 2]`` of :data:`~fusion.datasets.minihome.body.POINTS`.
        scale: pixels per metre at the person's depth.
        yaw: radians by which the person is turned from the camera to the right of the image.
    """

    def __init__(self, person: Person, clothes: Clothes, pixels: np.ndarray, *, scale: float, yaw: float) -> None:
        self.person, self.clothes, self.scale, self.yaw = person, clothes, scale, yaw
        self.at: Mapping[str, np.ndarray] = {name: pixels[:, number] for name, number in POINTS.items()}
        self.wide = scale * person.build

    def limb(self, part: str, start: str, end: str, radii: tuple[float, float], color: Color) -> list[Shape]:
        """A rounded limb: a dark edge, its colour, and light along one side; radii in metres."""
        first, second = radii[0] * self.wide, radii[1] * self.wide
        a, b = self.at[start], self.at[end]
        return [
            Shape(a, b, capsule(first + 0.5, second + 0.5), shade(color, 0.62), part),
            Shape(a, b, capsule(first, second), color, part),
            Shape(a, b, capsule(first * 0.4, second * 0.4, shift=-0.35 * second), shade(color, 1.12), part),
        ]

    def leg(self, side: str) -> list[Shape]:
        trousers = self.clothes.trousers
        shoe = Shape(
            *(self.at[f"{side}_ankle"], self.at[f"{side}_toe"]),
            capsule(0.042 * self.wide, 0.036 * self.wide),
            self.clothes.shoes,
            f"{side}_foot",
        )
        return [
            shoe,
            *self.limb(f"{side}_shin", f"{side}_knee", f"{side}_ankle", (0.055, 0.042), trousers),
            *self.limb(f"{side}_thigh", f"{side}_hip", f"{side}_knee", (0.078, 0.058), trousers),
        ]

    def upper_arm(self, side: str) -> list[Shape]:
        return self.limb(f"{side}_upper_arm", f"{side}_shoulder", f"{side}_elbow", (0.052, 0.042), self.clothes.top)

    def forearm(self, side: str) -> list[Shape]:
        color = self.clothes.top if self.clothes.long_sleeves else self.person.skin
        return self.limb(f"{side}_forearm", f"{side}_elbow", f"{side}_wrist", (0.040, 0.032), color)

    def hand(self, side: str) -> list[Shape]:
        """Palm, fingers with gaps and knuckles: texture enough that its motion can be measured."""
        skin, wide = self.person.skin, self.wide
        a, b = self.at[f"{side}_wrist"], self.at[f"{side}_tip"]
        dark, light = shade(skin, 0.5), mix(skin, (255, 245, 235), 0.35)
        shapes = [
            Shape(a, b, capsule(0.040 * wide + 0.5, 0.046 * wide + 0.5), dark, f"{side}_hand"),
            Shape(a, b, capsule(0.040 * wide, 0.046 * wide), skin, f"{side}_hand"),
            Shape(a, b, band(0.42, 0.58, 0.042 * wide, 0.044 * wide), light, f"{side}_hand"),
        ]
        for shift in (-0.022, 0.0, 0.022):
            outline = band(0.62, 1.2, 0.006 * wide, 0.006 * wide, shift=shift * wide)
            shapes.append(Shape(a, b, outline, dark, f"{side}_hand"))
        return shapes

    def torso(self) -> list[Shape]:
        """A trunk whose width follows from how far the shoulders are turned."""
        pelvis, neck, wide = self.at["pelvis"], self.at["neck"], self.wide
        turn = np.hypot(np.cos(self.yaw), 0.62 * np.sin(self.yaw))
        shoulder = turn * (self.person.shoulder * self.scale + 0.02 * wide)
        hip = turn * (self.person.hip * self.scale + 0.062 * wide)
        rows = [(-0.12, 0.94 * hip), (0.05, hip), (0.70, 0.98 * shoulder), (0.92, shoulder), (1.03, 0.5 * shoulder)]

        def outline(grow: float) -> np.ndarray:
            right = [(s, 0.0, n + grow) for s, n in rows]
            return np.array([*right, *((s, e, -n) for s, e, n in reversed(right))])

        color = self.clothes.top
        shapes = [
            Shape(pelvis, neck, outline(0.5), shade(color, 0.62), "torso"),
            Shape(pelvis, neck, outline(0.0), color, "torso"),
        ]
        for number, low in enumerate(np.arange(0.08, 0.85, 0.2)):
            if self.clothes.striped:
                low_half, high_half = (np.interp(s, *np.transpose(rows)) - 0.6 for s in (low, low + 0.09))
                outline_ = band(low, low + 0.09, low_half, high_half)
                shapes.append(Shape(pelvis, neck, outline_, self.clothes.stripe, "torso"))
            elif number in (1, 2):  # a fold
                outline_ = band(low, low + 0.03, 0.5 * hip, 0.4 * hip, shift=(number - 1.5) * hip)
                shapes.append(Shape(pelvis, neck, outline_, shade(color, 0.85), "torso"))
        outline_ = band(-0.12, -0.04, 0.97 * hip, 0.97 * hip)
        shapes.append(Shape(pelvis, neck, outline_, shade(self.clothes.trousers, 0.8), "torso"))
        return shapes

    def head(self) -> list[Shape]:
        person, size = self.person, 0.062 * self.person.height * self.scale
        head, crown, skin = self.at["head"], self.at["crown"], self.person.skin
        side = float(np.sin(self.yaw))
        shapes = [Shape(self.at["neck"], head, capsule(0.05 * self.wide, 0.05 * self.wide), shade(skin, 0.8), "neck")]

        def add(outline: np.ndarray, color: Color) -> None:
            shapes.append(Shape(head, crown, outline, color, "head"))

        if person.long_hair:
            shapes.insert(0, Shape(head, crown, ellipse(1.35 * size, 0.95 * size, e=-0.35 * size), person.hair, "head"))
        add(ellipse(1.12 * size + 0.5, 0.84 * size + 0.5), shade(skin, 0.6))
        add(ellipse(1.12 * size, 0.84 * size), skin)
        angles = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 9)
        hair = np.stack([0 * angles, (0.22 + 0.98 * np.cos(angles)) * size, 0.9 * size * np.sin(angles)], axis=-1)
        add(hair - [0.0, 0.0, 0.14 * size * side], person.hair)
        for eye in (-0.32, 0.32):
            across = eye * np.cos(self.yaw) + 0.55 * side
            if abs(across) < 0.75:
                add(ellipse(0.13 * size, 0.11 * size, e=-0.02 * size, n=across * size), (30, 26, 28))
        add(ellipse(0.20 * size, 0.09 * size, e=-0.28 * size, n=0.72 * side * size), shade(skin, 0.8))
        add(ellipse(0.06 * size, 0.22 * size, e=-0.62 * size, n=0.5 * side * size), shade(skin, 0.55))
        return shapes


def figure(person: Person, clothes: Clothes, pixels: np.ndarray, *, scale: float, yaw: float, far: str) -> Figure:
    """The patches of a person; ``far`` names the side whose arm and leg are painted first.

    Shapes: pixels ``[T, P, 2]``.
    """
    cut = Tailor(person, clothes, pixels, scale=scale, yaw=yaw)
    near = "left" if far == "right" else "right"
    behind = [
        *cut.leg(far),
        *cut.upper_arm(far),
        *cut.leg(near),
        *cut.torso(),
        *cut.head(),
        *cut.upper_arm(near),
    ]
    return Figure(behind, [*cut.forearm(far), *cut.forearm(near)], [*cut.hand(far), *cut.hand(near)])

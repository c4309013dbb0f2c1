"""Figure of a person: shapes in the order in which they are painted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.fusion.datasets.minihome.body import POINTS
from triad.fusion.datasets.minihome.colors import Color, mix, shade
from triad.fusion.datasets.minihome.people import Clothes, Person
from triad.fusion.datasets.minihome.shapes import Shape, band, capsule, ellipse


@dataclass(frozen=True, repr=False)
class Figure:
    """Shapes of a person; objects in front of the body are painted between these groups.

    Args:
        body: legs, torso, head and upper arms.
        forearms: forearms, the far one first.
        hands: hands, the far one first.
    """

    body: list[Shape]
    forearms: list[Shape]
    hands: list[Shape]


class FigureBuilder:
    """Builder of the shapes of one person.

    Args:
        person: body of the person.
        clothes: colours of the clothes.
        pixels: pixels of :data:`~triad.fusion.datasets.minihome.body.POINTS`, ``[T, P, 2]``.
        scale: pixels per metre at the person's depth.
        yaw: rotation of the person from the camera to the right of the image in radians.
    """

    def __init__(self, person: Person, clothes: Clothes, pixels: np.ndarray, *, scale: float, yaw: float) -> None:
        self.person = person
        self.clothes = clothes
        self.scale = scale
        self.yaw = yaw
        self.points = {name: pixels[:, index] for name, index in POINTS.items()}
        self.width_scale = scale * person.build

    def limb(self, component: str, start: str, end: str, radii: tuple[float, float], color: Color) -> list[Shape]:
        """Return a rounded limb with a dark edge and light along one side.

        Args:
            component: name for occlusion.
            start: name of the first point.
            end: name of the last point.
            radii: radii at start and end in metres.
            color: colour of the limb.
        """
        first, second = (radius * self.width_scale for radius in radii)
        layers = [
            (capsule(first + 0.5, second + 0.5), shade(color, 0.62)),
            (capsule(first, second), color),
            (capsule(first * 0.4, second * 0.4, shift=-0.35 * second), shade(color, 1.12)),
        ]
        return [Shape(self.points[start], self.points[end], outline, tint, component) for outline, tint in layers]

    def leg(self, side: str) -> list[Shape]:
        """Return foot, shin and thigh."""
        trousers = self.clothes.trousers
        shoe = Shape(
            self.points[f"{side}_ankle"],
            self.points[f"{side}_toe"],
            capsule(0.042 * self.width_scale, 0.036 * self.width_scale),
            self.clothes.shoes,
            f"{side}_foot",
        )
        return [
            shoe,
            *self.limb(f"{side}_shin", f"{side}_knee", f"{side}_ankle", (0.055, 0.042), trousers),
            *self.limb(f"{side}_thigh", f"{side}_hip", f"{side}_knee", (0.078, 0.058), trousers),
        ]

    def upper_arm(self, side: str) -> list[Shape]:
        """Return the upper arm."""
        return self.limb(f"{side}_upper_arm", f"{side}_shoulder", f"{side}_elbow", (0.052, 0.042), self.clothes.top)

    def forearm(self, side: str) -> list[Shape]:
        """Return the forearm, with or without a sleeve."""
        color = self.clothes.top if self.clothes.long_sleeves else self.person.skin
        return self.limb(f"{side}_forearm", f"{side}_elbow", f"{side}_wrist", (0.040, 0.032), color)

    def hand(self, side: str) -> list[Shape]:
        """Return palm, fingers with gaps and knuckles, a texture whose motion a flow estimator can measure."""
        width = self.width_scale
        dark = shade(self.person.skin, 0.5)
        light = mix(self.person.skin, (255, 245, 235), 0.35)
        layers = [
            (capsule(0.040 * width + 0.5, 0.046 * width + 0.5), dark),
            (capsule(0.040 * width, 0.046 * width), self.person.skin),
            (band(0.42, 0.58, 0.042 * width, 0.044 * width), light),
        ]
        for shift in (-0.022, 0.0, 0.022):
            layers.append((band(0.62, 1.2, 0.006 * width, 0.006 * width, shift=shift * width), dark))
        start = self.points[f"{side}_wrist"]
        end = self.points[f"{side}_tip"]
        return [Shape(start, end, outline, color, f"{side}_hand") for outline, color in layers]

    def torso(self) -> list[Shape]:
        """Return a trunk whose width follows from the rotation of the shoulders."""
        foreshortening = np.hypot(np.cos(self.yaw), 0.62 * np.sin(self.yaw))
        shoulder = foreshortening * (self.person.shoulder * self.scale + 0.02 * self.width_scale)
        hip = foreshortening * (self.person.hip * self.scale + 0.062 * self.width_scale)
        profile = [(-0.12, 0.94 * hip), (0.05, hip), (0.70, 0.98 * shoulder), (0.92, shoulder), (1.03, 0.5 * shoulder)]

        def outline(margin: float) -> np.ndarray:
            right = [(s, 0.0, n + margin) for s, n in profile]
            return np.array([*right, *((s, e, -n) for s, e, n in reversed(right))])

        color = self.clothes.top
        layers = [(outline(0.5), shade(color, 0.62)), (outline(0.0), color)]
        for number, low in enumerate(np.arange(0.08, 0.85, 0.2)):
            if self.clothes.striped:
                low_half, high_half = (np.interp(s, *np.transpose(profile)) - 0.6 for s in (low, low + 0.09))
                layers.append((band(low, low + 0.09, low_half, high_half), self.clothes.stripe))
            elif number in (1, 2):  # a fold
                fold = band(low, low + 0.03, 0.5 * hip, 0.4 * hip, shift=(number - 1.5) * hip)
                layers.append((fold, shade(color, 0.85)))
        layers.append((band(-0.12, -0.04, 0.97 * hip, 0.97 * hip), shade(self.clothes.trousers, 0.8)))
        pelvis = self.points["pelvis"]
        neck = self.points["neck"]
        return [Shape(pelvis, neck, patch, tint, "torso") for patch, tint in layers]

    def head(self) -> list[Shape]:
        """Return neck, hair and face, turned with the yaw."""
        size = 0.062 * self.person.height * self.scale
        head = self.points["head"]
        skin = self.person.skin
        hair = self.person.hair
        side = float(np.sin(self.yaw))
        layers = [
            (ellipse(1.12 * size + 0.5, 0.84 * size + 0.5), shade(skin, 0.6)),
            (ellipse(1.12 * size, 0.84 * size), skin),
        ]
        angles = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 9)
        hairline = np.stack([0 * angles, (0.22 + 0.98 * np.cos(angles)) * size, 0.9 * size * np.sin(angles)], axis=-1)
        layers.append((hairline - [0.0, 0.0, 0.14 * size * side], hair))
        for eye in (-0.32, 0.32):
            across = eye * np.cos(self.yaw) + 0.55 * side
            if abs(across) < 0.75:
                layers.append((ellipse(0.13 * size, 0.11 * size, e=-0.02 * size, n=across * size), (30, 26, 28)))
        layers.append((ellipse(0.20 * size, 0.09 * size, e=-0.28 * size, n=0.72 * side * size), shade(skin, 0.8)))
        layers.append((ellipse(0.06 * size, 0.22 * size, e=-0.62 * size, n=0.5 * side * size), shade(skin, 0.55)))
        face = [Shape(head, self.points["crown"], outline, color, "head") for outline, color in layers]
        neck_outline = capsule(0.05 * self.width_scale, 0.05 * self.width_scale)
        neck = Shape(self.points["neck"], head, neck_outline, shade(skin, 0.8), "neck")
        if not self.person.long_hair:
            return [neck, *face]
        back_hair = ellipse(1.35 * size, 0.95 * size, e=-0.35 * size)
        return [Shape(head, self.points["crown"], back_hair, hair, "head"), neck, *face]


def build_figure(person: Person, clothes: Clothes, pixels: np.ndarray, *, scale: float, yaw: float) -> Figure:
    """Return the shapes of a person; arguments as of :class:`FigureBuilder`."""
    builder = FigureBuilder(person, clothes, pixels, scale=scale, yaw=yaw)
    far, near = ("left", "right") if yaw > 0 else ("right", "left")
    body = [
        *builder.leg(far),
        *builder.upper_arm(far),
        *builder.leg(near),
        *builder.torso(),
        *builder.head(),
        *builder.upper_arm(near),
    ]
    forearms = [*builder.forearm(far), *builder.forearm(near)]
    hands = [*builder.hand(far), *builder.hand(near)]
    return Figure(body, forearms, hands)

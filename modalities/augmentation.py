"""One view: crop, scale, flip and colour drawn once per sample and applied by every stream.

Readers bring every source onto one **canvas** (:func:`letterbox_geometry`: scaled to fit, centred, padded), a view is a
box on that canvas. Its matrix moves frames, flow and pixel joints alike: frames are warped by it, flow is warped and
its vectors multiplied by its linear part (so that a flip negates u and a resize scales both), joints are multiplied by
it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modalities.checks import fail
from modalities.registry import TRANSFORMS


def letterbox_geometry(source_hw: tuple[int, int], canvas_hw: tuple[int, int]) -> tuple[float, float, float]:
    """Scale and offset ``(s, dx, dy)`` that put a source centred on the canvas: ``canvas = s * source + (dx, dy)``.

    Coordinates are of pixel corners, so that the source's ``[0, W] × [0, H]`` lands inside the canvas's.
    """
    (source_h, source_w), (canvas_h, canvas_w) = source_hw, canvas_hw
    scale = min(canvas_h / source_h, canvas_w / source_w)
    return scale, (canvas_w - scale * source_w) / 2, (canvas_h - scale * source_h) / 2


@dataclass(frozen=True)
class SpatialAugmentation:
    """A box on the canvas in fractions of its width and height, a flip, and colour gains.

    Args:
        x, y: top left corner of the box, 0–1 (may lie outside).
        width, height: size of the box, above 0.
        flip: mirror left and right after the crop.
        brightness, contrast, saturation: factors; 1 changes nothing. Only RGB has colour.
        rotate: radians about the vertical axis by which skeletons are seen from another side (2D ones become narrower).
        tilt: radians about the horizontal axis by which skeletons are then seen from above or below.
        roll: radians about the optical axis by which they are then turned.
        scale: factor of their size.
        noise: standard deviation of what is added to each of their coordinates, in torso lengths.
        noise_seed: which noise that is, 0 to 2²⁴ − 1 (exact in float32, as which views are batched).

    Raises:
        InputError: if the box is empty or the scale is not positive.
    """

    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0
    flip: bool = False
    brightness: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0
    rotate: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    scale: float = 1.0
    noise: float = 0.0
    noise_seed: int = 0

    def __post_init__(self) -> None:
        if not (self.width > 0 and self.height > 0):
            fail("View", "have a box of positive size", f"{self.width} × {self.height}")
        if not self.scale > 0:
            fail("SpatialAugmentation.scale", "be positive", self.scale)

    def matrix(self, canvas_hw: tuple[int, int], out_hw: tuple[int, int]) -> np.ndarray:
        """The affine map from canvas pixels to output pixels (indices of pixel centres), float64 ``[2, 3]``."""
        (canvas_h, canvas_w), (out_h, out_w) = canvas_hw, out_hw
        sx, sy = out_w / (self.width * canvas_w), out_h / (self.height * canvas_h)
        tx = sx * (0.5 - self.x * canvas_w) - 0.5  # +0.5: centre of pixel 0, −0.5: back to an index
        ty = sy * (0.5 - self.y * canvas_h) - 0.5
        if self.flip:
            sx, tx = -sx, (out_w - 1) - tx
        return np.array([[sx, 0.0, tx], [0.0, sy, ty]])


@TRANSFORMS.register_module()
class RandomSpatialAugmentation:
    """A random crop, flip and colour (after Szegedy et al. 2015, Going Deeper with Convolutions), and random poses.

    Args:
        area: smallest share of the canvas that a crop covers, 0–1; the box keeps the canvas's shape.
        flip: probability of a mirror image, 0–1.
        color: largest relative change of brightness, contrast and saturation, 0–1.
        rotate, tilt, roll: largest rotations of skeletons about the vertical, horizontal and optical axis, degrees.
        scale: largest relative change of their size, in [0, 1).
        noise: standard deviation of the noise on their coordinates, in torso lengths (about half a metre).

    Raises:
        InputError: if a value is out of its range.
    """

    def __init__(
        self,
        *,
        area: float = 1.0,
        flip: float = 0.5,
        color: float = 0.0,
        rotate: float = 0.0,
        tilt: float = 0.0,
        roll: float = 0.0,
        scale: float = 0.0,
        noise: float = 0.0,
    ) -> None:
        if not 0 < area <= 1:
            fail("RandomSpatialAugmentation.area", "be in (0, 1]", area)
        if not 0 <= scale < 1:
            fail("RandomSpatialAugmentation.scale", "be in [0, 1)", scale)
        if not noise >= 0:
            fail("RandomSpatialAugmentation.noise", "be at least 0", noise)
        self.area, self.flip, self.color, self.rotate = area, flip, color, rotate
        self.tilt, self.roll, self.scale, self.noise = tilt, roll, scale, noise

    def __call__(self, rng: np.random.Generator) -> SpatialAugmentation:
        side = float(np.sqrt(rng.uniform(self.area, 1.0)))
        x, y = rng.uniform(0, 1 - side, 2)
        flip = bool(rng.random() < self.flip)
        brightness, contrast, saturation = rng.uniform(1 - self.color, 1 + self.color, 3)
        rotate, tilt, roll = (
            float(np.deg2rad(rng.uniform(-largest, largest))) for largest in (self.rotate, self.tilt, self.roll)
        )
        scale = float(rng.uniform(1 - self.scale, 1 + self.scale))
        return SpatialAugmentation(
            *(float(x), float(y), side, side, flip, brightness, contrast, saturation, rotate),
            tilt=tilt,
            roll=roll,
            scale=scale,
            noise=self.noise,
            noise_seed=int(rng.integers(2**24)),
        )

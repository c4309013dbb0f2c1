"""Spatial augmentation: one crop, scale, flip and colour drawn per sample and applied to every stream.

Readers bring every source to one frame size, see :mod:`triad.modalities.letterbox`; an augmentation is a box in that
frame. Its matrix applies to frames, flow and pixel joints alike: frames are warped by it, flow is warped and its
vectors are multiplied by its linear part (so that a flip negates u and a resize scales both), joints are multiplied by
it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.registry import TRANSFORMS


@dataclass(frozen=True)
class SpatialAugmentation:
    """Crop box in fractions of the frame's width and height, flip, colour factors, and rotation of skeletons.

    Args:
        x, y: top left corner of the box, 0–1; it may lie outside.
        width, height: size of the box, above 0.
        flip: whether left and right are mirrored after the crop.
        brightness, contrast, saturation: factors; 1 changes nothing. Only RGB has colour.
        rotate: rotation of skeletons about the vertical axis, radians; 2D skeletons become narrower.
        tilt: rotation of skeletons about the horizontal axis after that, radians.
        roll: rotation of skeletons about the optical axis after that, radians.
        scale: factor of the size of skeletons, above 0.
        noise: standard deviation of the noise on each coordinate of skeletons, in torso lengths.
        noise_seed: seed of that noise, 0 to 2²⁴ − 1 (exact in float32, the dtype of a batch of augmentations).

    Raises:
        InputError: If the box is empty or the scale is not positive.
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
            fail("SpatialAugmentation", "have a box of positive size", f"{self.width} × {self.height}")
        if not self.scale > 0:
            fail("SpatialAugmentation.scale", "be positive", self.scale)

    def matrix(self, frame_hw: tuple[int, int], out_hw: tuple[int, int]) -> np.ndarray:
        """Return the affine map from frame pixels to output pixels (indices of pixel centres), float64 ``[2, 3]``.

        Args:
            frame_hw: height and width of the frame, pixels.
            out_hw: height and width of the output, pixels.
        """
        frame_h, frame_w = frame_hw
        out_h, out_w = out_hw
        sx = out_w / (self.width * frame_w)
        sy = out_h / (self.height * frame_h)
        tx = sx * (0.5 - self.x * frame_w) - 0.5  # +0.5: centre of pixel 0, −0.5: back to an index
        ty = sy * (0.5 - self.y * frame_h) - 0.5
        if self.flip:
            sx = -sx
            tx = (out_w - 1) - tx
        return np.array([[sx, 0.0, tx], [0.0, sy, ty]])


@TRANSFORMS.register_module()
class RandomSpatialAugmentation:
    """Generator of random spatial augmentations.

    Crop, flip and colour follow Szegedy et al. 2015, Going Deeper with Convolutions; skeletons are also rotated, scaled
    and disturbed by noise.

    Args:
        area: smallest ratio of the largest box's area that a crop covers, in (0, 1].
        aspect: width divided by height of the box in pixels, that of the network's input, which is then not squeezed;
            None keeps the frame's.
        flip: probability of a mirror image, 0–1.
        color: largest relative change of brightness, contrast and saturation, 0–1.
        rotate, tilt, roll: largest rotations of skeletons about the vertical, horizontal and optical axis, degrees.
        scale: largest relative change of the size of skeletons, in [0, 1).
        noise: standard deviation of the noise on the coordinates of skeletons, in torso lengths (about half a metre).

    Raises:
        InputError: If a value is out of its range.
    """

    def __init__(
        self,
        *,
        area: float = 1.0,
        aspect: float | None = None,
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
        if aspect is not None and not aspect > 0:
            fail("RandomSpatialAugmentation.aspect", "be positive or None", aspect)
        if not 0 <= scale < 1:
            fail("RandomSpatialAugmentation.scale", "be in [0, 1)", scale)
        if not noise >= 0:
            fail("RandomSpatialAugmentation.noise", "be at least 0", noise)
        self.area = area
        self.aspect = aspect
        self.flip = flip
        self.color = color
        self.rotate = rotate
        self.tilt = tilt
        self.roll = roll
        self.scale = scale
        self.noise = noise

    def __call__(self, rng: np.random.Generator, frame_hw: tuple[int, int] | None = None) -> SpatialAugmentation:
        """Draw an augmentation.

        Args:
            rng: random generator.
            frame_hw: height and width of the frame, pixels; needed for an aspect of its own.
        """
        width, height = largest_box(self.aspect, frame_hw)
        side = float(np.sqrt(rng.uniform(self.area, 1.0)))
        width *= side
        height *= side
        x, y = rng.uniform(0, [1 - width, 1 - height])
        flip = bool(rng.random() < self.flip)
        brightness, contrast, saturation = rng.uniform(1 - self.color, 1 + self.color, 3)
        rotate, tilt, roll = (
            float(np.deg2rad(rng.uniform(-largest, largest))) for largest in (self.rotate, self.tilt, self.roll)
        )
        scale = float(rng.uniform(1 - self.scale, 1 + self.scale))
        return SpatialAugmentation(
            x=float(x),
            y=float(y),
            width=width,
            height=height,
            flip=flip,
            brightness=brightness,
            contrast=contrast,
            saturation=saturation,
            rotate=rotate,
            tilt=tilt,
            roll=roll,
            scale=scale,
            noise=self.noise,
            noise_seed=int(rng.integers(2**24)),
        )


def largest_box(aspect: float | None, frame_hw: tuple[int, int] | None) -> tuple[float, float]:
    """Return width and height, in fractions of the frame's, of the largest box with an aspect ratio.

    Args:
        aspect: width divided by height of the box in pixels; None for the frame's.
        frame_hw: height and width of the frame, pixels; needed with an aspect.

    Raises:
        InputError: If the frame is missing.
    """
    if aspect is None:
        return 1.0, 1.0
    if frame_hw is None:
        fail("frame of a crop with an aspect ratio", "be given", None)
    relative = aspect * frame_hw[0] / frame_hw[1]  # aspect of the box in fractions
    return min(relative, 1.0), min(1 / relative, 1.0)

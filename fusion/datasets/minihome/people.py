"""Bodies, clothes and tempo of people, all drawn at random from the seed and the name of the person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.fusion.datasets.minihome.colors import Color, chroma, mix, ycc_to_rgb
from triad.modalities.seeding import derive_rng

NUM_PEOPLE = 20
SUBJECTS: tuple[str, ...] = tuple(f"s{number:02d}" for number in range(1, NUM_PEOPLE + 1))
SKIN_RANGE: tuple[Color, Color] = ((238, 198, 168), (112, 74, 54))
HAIR_COLORS: tuple[Color, ...] = ((38, 30, 28), (84, 56, 38), (150, 112, 70), (120, 118, 116), (104, 52, 34))


@dataclass(frozen=True)
class Person:
    """Body and tempo of one person, the same in all clips.

    Segment lengths in metres follow Winter 2009, Biomechanics and Motor Control of Human Movement (fig. 4.1, after
    Drillis & Contini 1966), as fractions of the height, each varied by a few per cent.

    Args:
        height: height of the body.
        upper_arm, forearm, hand, thigh, shin, trunk, neck: lengths of the segments.
        shoulder: half the distance between the shoulders.
        hip: half the distance between the hips.
        build: factor on all widths.
        tempo: factor on the speed of every motion.
        sway: amplitude in metres of the body's motion while standing.
        skin: colour of the skin.
        hair: colour of the hair.
        long_hair: whether the hair is long.
    """

    height: float
    upper_arm: float
    forearm: float
    hand: float
    thigh: float
    shin: float
    trunk: float
    neck: float
    shoulder: float
    hip: float
    build: float
    tempo: float
    sway: float
    skin: Color
    hair: Color
    long_hair: bool

    @property
    def arm(self) -> float:
        """Length from shoulder to wrist."""
        return self.upper_arm + self.forearm

    @property
    def ankle(self) -> float:
        """Height of the ankle above the floor."""
        return 0.045 * self.height

    @property
    def standing(self) -> float:
        """Height of the pelvis above the floor with nearly straight knees."""
        return self.ankle + 0.985 * (self.thigh + self.shin)


@dataclass(frozen=True)
class Clothes:
    """Colours of the clothes in one clip; muted, so that held objects stand out by their chroma."""

    top: Color
    stripe: Color
    striped: bool
    long_sleeves: bool
    trousers: Color
    shoes: Color


def make_person(seed: int, subject: str) -> Person:
    """Return the person of that name in the flat of that seed."""
    rng = derive_rng(seed, "minihome", "person", subject)
    height = rng.uniform(1.54, 1.80)

    def segment(fraction: float) -> float:
        return float(fraction * height * rng.uniform(0.96, 1.04))

    return Person(
        height=float(height),
        upper_arm=segment(0.178),
        forearm=segment(0.150),
        hand=segment(0.096),
        thigh=segment(0.240),
        shin=segment(0.238),
        trunk=segment(0.292),
        neck=segment(0.106),
        shoulder=segment(0.118),
        hip=segment(0.056),
        build=float(rng.uniform(0.92, 1.15)),
        tempo=float(rng.uniform(0.82, 1.22)),
        sway=float(rng.uniform(0.004, 0.010)),
        skin=mix(*SKIN_RANGE, float(rng.beta(0.9, 1.3))),
        hair=HAIR_COLORS[rng.integers(len(HAIR_COLORS))],
        long_hair=bool(rng.random() < 0.5),
    )


def choose_clothes(rng: np.random.Generator) -> Clothes:
    """Return random clothes for one clip."""
    top = ycc_to_rgb(rng.uniform(60, 190), chroma(rng.uniform(0, 360), rng.uniform(2, 20)))
    top_luma = float(np.dot(top, (0.299, 0.587, 0.114)))
    return Clothes(
        top=top,
        stripe=mix(top, (235, 235, 230) if top_luma < 120 else (40, 42, 50), rng.uniform(0.25, 0.5)),
        striped=bool(rng.random() < 0.5),
        long_sleeves=bool(rng.random() < 0.5),
        trousers=ycc_to_rgb(rng.uniform(45, 120), chroma(rng.uniform(60, 160), rng.uniform(2, 16))),
        shoes=ycc_to_rgb(rng.uniform(30, 80), chroma(rng.uniform(0, 360), rng.uniform(0, 10))),
    )

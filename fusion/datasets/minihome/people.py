"""Bodies, clothes and tempo. Nothing about a person depends on its number but through the random generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fusion.datasets.minihome.colors import Color, chroma, mix, ycc
from modalities.seeding import derive_rng

NUM_PEOPLE = 20
SUBJECTS: tuple[str, ...] = tuple(f"s{number:02d}" for number in range(1, NUM_PEOPLE + 1))
SKIN: tuple[Color, Color] = ((238, 198, 168), (112, 74, 54))
HAIR: tuple[Color, ...] = ((38, 30, 28), (84, 56, 38), (150, 112, 70), (120, 118, 116), (104, 52, 34))


@dataclass(frozen=True)
class Person:
    """One of the people, the same in all clips.

    Segment lengths in metres follow Winter 2009, Biomechanics and Motor Control of Human Movement (fig. 4.1, after
    Drillis & Contini 1966), as fractions of the height, each varied by a few per cent.

    Args:
        build: factor on all widths.
        tempo: factor on the speed of everything the person does.
        sway: metres that the body wanders while standing.
    """

    height: float
    upper_arm: float
    forearm: float
    hand: float
    thigh: float
    shin: float
    trunk: float
    neck: float
    shoulder: float  # half the distance between the shoulders
    hip: float  # half the distance between the hips
    build: float
    tempo: float
    sway: float
    skin: Color
    hair: Color
    long_hair: bool

    @property
    def arm(self) -> float:
        return self.upper_arm + self.forearm

    @property
    def ankle(self) -> float:
        return 0.045 * self.height

    @property
    def standing(self) -> float:
        """Height of the pelvis with nearly straight knees."""
        return self.ankle + 0.985 * (self.thigh + self.shin)


@dataclass(frozen=True)
class Clothes:
    """What a person wears in one clip; muted, so that held things stand out by their chroma."""

    top: Color
    stripe: Color
    striped: bool
    long_sleeves: bool
    trousers: Color
    shoes: Color


def make_person(seed: int, subject: str) -> Person:
    """The person of that name in the flat of that seed."""
    rng = derive_rng(seed, "minihome", "person", subject)
    height = rng.uniform(1.54, 1.80)

    def part(fraction: float) -> float:
        return float(fraction * height * rng.uniform(0.96, 1.04))

    return Person(
        height=float(height),
        upper_arm=part(0.178),
        forearm=part(0.150),
        hand=part(0.096),
        thigh=part(0.240),
        shin=part(0.238),
        trunk=part(0.292),
        neck=part(0.106),
        shoulder=part(0.118),
        hip=part(0.056),
        build=float(rng.uniform(0.92, 1.15)),
        tempo=float(rng.uniform(0.82, 1.22)),
        sway=float(rng.uniform(0.004, 0.010)),
        skin=mix(*SKIN, float(rng.beta(0.9, 1.3))),
        hair=HAIR[rng.integers(len(HAIR))],
        long_hair=bool(rng.random() < 0.5),
    )


def choose_clothes(rng: np.random.Generator) -> Clothes:
    """Clothes for one clip."""
    top = ycc(rng.uniform(60, 190), chroma(rng.uniform(0, 360), rng.uniform(2, 20)))
    light = float(np.dot(top, (0.299, 0.587, 0.114)))
    return Clothes(
        top=top,
        stripe=mix(top, (235, 235, 230) if light < 120 else (40, 42, 50), rng.uniform(0.25, 0.5)),
        striped=bool(rng.random() < 0.5),
        long_sleeves=bool(rng.random() < 0.5),
        trousers=ycc(rng.uniform(45, 120), chroma(rng.uniform(60, 160), rng.uniform(2, 16))),
        shoes=ycc(rng.uniform(30, 80), chroma(rng.uniform(0, 360), rng.uniform(0, 10))),
    )

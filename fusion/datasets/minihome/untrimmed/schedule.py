"""Schedule of a video: its people, where they stand, and what each of them does from when to when.

Each person stays at one place, whose furniture decides what can be done there. Actions follow each other with or
without a pause; a hand may be offered with the free arm while the other one drinks or holds a hat. Which class of its
pair an action is, is a toss of a coin, so that a guess from the room or the person is wrong as often as it is right;
only sitting down and getting up take turns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.fusion.datasets.minihome.cameras import CAMERAS, FPS, Camera
from triad.fusion.datasets.minihome.clip_spec import ClipSpec
from triad.fusion.datasets.minihome.pairs import PAIRS
from triad.fusion.datasets.minihome.people import SUBJECTS
from triad.modalities.seeding import derive_rng

PAIR_INDEX = {pair.name: index for index, pair in enumerate(PAIRS)}
TWO_PEOPLE_SHARE = 0.4
"""Share of videos with two people."""
PAUSE_SHARE = 0.65
"""Share of actions after which the person does nothing for a while."""
OVERLAP_SHARE = 0.5
"""Share of the actions with one hand during which the other hand is offered too."""
FIRST_ACTION_NUMBER = 1000
"""Number of the first action among the performances of a person; clips have lower ones."""


@dataclass(frozen=True)
class Place:
    """What a person can do at a place.

    Args:
        pairs: names of the pairs of classes.
        yaw: lowest and highest rotation from the camera, degrees.
        furniture: pair whose furniture stands there; None for none.
        seated: whether the person sits all the time.
    """

    pairs: tuple[str, ...]
    yaw: tuple[float, float]
    furniture: str | None = None
    seated: bool = False


PLACES = {
    "floor": Place(("drink", "look", "hand", "door", "hat"), (0, 22)),
    "chair": Place(("chair", "drink", "look", "hand", "hat"), (0, 22), furniture="chair"),
    "stove": Place(("pot", "drink", "look", "hat"), (25, 45), furniture="pot"),
    "desk": Place(("keyboard", "drink", "look"), (40, 60), furniture="keyboard", seated=True),
}
NARROW_PLACES = ("floor", "chair")
"""Places with room for a second person beside them."""
ONE_HANDED = ("drink", "hat")
"""Pairs that leave the other arm free."""
FIXED_LENGTHS = {"chair": 2.0, "hat": 2.0}
"""Seconds of actions that are done once; others go on."""


@dataclass(frozen=True)
class VideoSpec:
    """Specification of a video.

    Args:
        seed: seed of the dataset.
        subject: name of its first person.
        number: number of the video of this person, from 1.
        seconds: length that the lengths of all videos lie around.
    """

    seed: int
    subject: str
    number: int
    seconds: float

    @property
    def camera(self) -> Camera:
        """Camera of the video; cameras take turns."""
        return CAMERAS[(SUBJECTS.index(self.subject) + self.number) % len(CAMERAS)]

    @property
    def id(self) -> str:
        """Name of the video."""
        return f"home_{self.subject}_{self.camera.name}_v{self.number:02d}"

    def rng(self, purpose: str) -> np.random.Generator:
        """Return a generator of this video alone."""
        return derive_rng(self.seed, "minihome untrimmed", self.subject, self.number, purpose)


@dataclass(frozen=True)
class PlannedAction:
    """Action of a person.

    Args:
        clip: pair, class and randomness of the action.
        first: its first frame.
        end: frame after its last one.
        free_hand: whether it is done with the free hand, beside another action.
        seated: whether the person sits, before the action where it changes that.
    """

    clip: ClipSpec
    first: int
    end: int
    free_hand: bool = False
    seated: bool = False


@dataclass(frozen=True)
class PlannedPerson:
    """Person of a video.

    Args:
        subject: name of the person.
        place: name of the place.
        side: horizontal metres from the middle of the room to its right.
        actions: actions in the order of their start.
    """

    subject: str
    place: str
    side: float
    actions: tuple[PlannedAction, ...]


@dataclass(frozen=True)
class Schedule:
    """People of a video and its length in frames."""

    people: tuple[PlannedPerson, ...]
    num_frames: int


def plan_video(video: VideoSpec, companions: tuple[str, ...]) -> Schedule:
    """Return the schedule of a video.

    Args:
        video: specification of the video.
        companions: names of the people of whom one may be the second person.
    """
    rng = video.rng("schedule")
    num_frames = round(video.seconds * rng.uniform(0.85, 1.15) * FPS)
    candidates = [name for name in companions if name != video.subject]
    if not candidates or rng.random() >= TWO_PEOPLE_SHARE:
        place_name = str(rng.choice(list(PLACES)))
        return Schedule((_plan_person(video, rng, video.subject, place_name, 0.0, num_frames),), num_frames)
    companion = str(rng.choice(candidates))
    side = float(rng.choice([-1.0, 1.0])) * rng.uniform(0.52, 0.62)
    people = [
        _plan_person(video, rng, subject, str(rng.choice(NARROW_PLACES)), position, num_frames, number)
        for number, (subject, position) in enumerate(((video.subject, side), (companion, -side)))
    ]
    return Schedule(tuple(people), num_frames)


def _plan_person(
    video: VideoSpec,
    rng: np.random.Generator,
    subject: str,
    place_name: str,
    side: float,
    num_frames: int,
    person: int = 0,
) -> PlannedPerson:
    station = PLACES[place_name]
    # performances of one person in several videos must differ
    first_number = FIRST_ACTION_NUMBER * (2 * (SUBJECTS.index(video.subject) + len(SUBJECTS) * video.number) + person)
    actions: list[PlannedAction] = []
    seated = station.seated
    time = rng.uniform(0.3, 2.0)
    previous = ""
    while True:
        pair = str(rng.choice([name for name in station.pairs if name != previous or name == "chair"]))
        length = FIXED_LENGTHS.get(pair) or rng.uniform(2.5, 6.0)
        first = round(time * FPS)
        end = first + round(length * FPS)
        if end > num_frames:
            break
        second = seated if pair == "chair" else bool(rng.random() < 0.5)
        clip = ClipSpec(video.seed, 2 * PAIR_INDEX[pair] + second, subject, first_number + len(actions))
        actions.append(PlannedAction(clip, first, end, seated=seated))
        last = end
        if pair in ONE_HANDED and "hand" in station.pairs and rng.random() < OVERLAP_SHARE:
            hand_first = first + round(rng.uniform(0.2, 0.6) * (end - first))
            hand_end = hand_first + round(rng.uniform(2.0, 3.5) * FPS)
            if hand_end <= num_frames:
                label = 2 * PAIR_INDEX["hand"] + int(rng.random() < 0.5)
                hand = ClipSpec(video.seed, label, subject, first_number + len(actions))
                actions.append(PlannedAction(hand, hand_first, hand_end, free_hand=True, seated=seated))
                last = max(end, hand_end)
        seated = seated != (pair == "chair")
        previous = pair
        time = last / FPS + (rng.uniform(0.5, 3.0) if rng.random() < PAUSE_SHARE else 0.0)
    return PlannedPerson(subject, place_name, side, tuple(actions))

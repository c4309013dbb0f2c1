"""Classes of MiniHome and its pair × stream table: the streams that can, by construction, tell a pair's classes apart.

Both classes of a pair are performed from the same random draw of everything (person, clothes, room, camera, tempo,
phase, places of objects) but one ``difference``. Camera noise and sensor noise are drawn for each clip.

| pair | difference | rgb | flow | skeleton | objects | why |
|---|---|---|---|---|---|---|
| drink | surface | sees | blind | blind | sees | cup and can: same outline, same luma, warm or cool chroma; the motion is the same |
| look | surface | sees | blind | blind | sees | book and tablet: the same |
| keyboard | still | weak | sees | blind | blind | fingers oscillate at 3–4.5 Hz while the wrists rest; in the other class they stop at a random phase, so that one frame is not enough and RGB must detect motion of 2–3 pixels |
| pot | still | weak | sees | blind | weak | the same for a hand that stirs |
| hand | depth | blind | blind | sees | blind | the arm's depth is mirrored about the shoulder's along the rays of the camera: no pixel changes |
| door | depth | blind | blind | sees | blind | the same with both arms |
| chair | reversed | sees | sees | sees | blind | one is the other backwards: every stream that shows the order of frames can tell; one frame cannot |
| hat | reversed | weak | sees | sees | weak | the same, but the hat is a dozen pixels wide |
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Difference = Literal["surface", "still", "depth", "reversed"]
Visibility = Literal["sees", "weak", "blind"]


@dataclass(frozen=True)
class Pair:
    """Two classes that differ in one property.

    Args:
        name: key of the pair's motion program.
        classes: class as programmed, and class with the ``difference``.
        difference: ``surface`` (other chroma of the held object), ``still`` (no oscillation of the hand), ``depth``
            (arms mirrored in depth), ``reversed`` (backwards in time).
        sees: ``{modality: whether it can tell the classes apart}``; ``weak`` promises neither.
    """

    name: str
    classes: tuple[str, str]
    difference: Difference
    sees: dict[str, Visibility]


def _sees(rgb: Visibility, flow: Visibility, skeleton: Visibility, objects: Visibility) -> dict[str, Visibility]:
    return {"rgb": rgb, "flow": flow, "skeleton": skeleton, "objects": objects}


PAIRS: tuple[Pair, ...] = (
    Pair("drink", ("drink_from_cup", "drink_from_can"), "surface", _sees("sees", "blind", "blind", "sees")),
    Pair("look", ("read_book", "use_tablet"), "surface", _sees("sees", "blind", "blind", "sees")),
    Pair("keyboard", ("type_on_keyboard", "rest_on_keyboard"), "still", _sees("weak", "sees", "blind", "blind")),
    Pair("pot", ("stir_pot", "wait_at_pot"), "still", _sees("weak", "sees", "blind", "weak")),
    Pair("hand", ("offer_hand", "withdraw_hand"), "depth", _sees("blind", "blind", "sees", "blind")),
    Pair("door", ("push_door", "pull_door"), "depth", _sees("blind", "blind", "sees", "blind")),
    Pair("chair", ("sit_down", "get_up"), "reversed", _sees("sees", "sees", "sees", "blind")),
    Pair("hat", ("put_on_hat", "take_off_hat"), "reversed", _sees("weak", "sees", "sees", "weak")),
)

CLASSES: tuple[str, ...] = tuple(name for pair in PAIRS for name in pair.classes)


def pairs_of(dataset: str | None, classes: Collection[str]) -> tuple[Pair, ...]:
    """Return the pairs of which a dataset has both classes; none where it is not MiniHome.

    Args:
        dataset: name of the dataset; None where it is not known.
        classes: names of its classes.
    """
    return tuple(pair for pair in PAIRS if dataset == "minihome" and set(pair.classes) <= set(classes))

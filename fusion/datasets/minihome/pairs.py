"""The classes of MiniHome and its pair × stream table: what can, by construction, tell the two classes of a pair apart.

Both classes of a pair are played from the same draw of everything (person, clothes, room, camera, tempo, phase, where
things lie); ``difference`` names the one thing that is changed. Camera noise and sensor noise are drawn for each clip.

| pair | difference | rgb | flow | skeleton | why |
|---|---|---|---|---|---|
| drink | surface | sees | blind | blind | cup and can: same outline, same luma, warm or cool chroma; nothing moves otherwise |
| look | surface | sees | blind | blind | book and tablet: likewise |
| keyboard | still | weak | sees | blind | fingers beat at 3–4.5 Hz beyond wrists that rest; the other class stops the beat at a random phase, so one frame tells nothing and RGB must find motion of 2–3 pixels |
| pot | still | weak | sees | blind | the same for a hand that stirs |
| hand | depth | blind | blind | sees | the arm's depth is mirrored about the shoulder's along the camera's own rays: no pixel changes |
| door | depth | blind | blind | sees | the same with both arms |
| chair | reversed | sees | sees | sees | one is the other backwards: any stream that sees order sees; one frame does not |
| hat | reversed | weak | sees | sees | likewise, but the hat is a dozen pixels wide |
"""  # noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Difference = Literal["surface", "still", "depth", "reversed"]
Sight = Literal["sees", "weak", "blind"]


@dataclass(frozen=True)
class Pair:
    """Two classes that differ in one thing.

    Args:
        name: key of the pair's motion program.
        classes: the class as programmed, and the one in which ``difference`` is applied.
        difference: ``surface`` (other chroma of the held thing), ``still`` (the beat of the hand stands still),
            ``depth`` (arms mirrored in depth), ``reversed`` (backwards in time).
        sees: what each modality can do at this pair; ``weak`` promises nothing in either direction.
    """

    name: str
    classes: tuple[str, str]
    difference: Difference
    sees: dict[str, Sight]


def _sees(rgb: Sight, flow: Sight, skeleton: Sight) -> dict[str, Sight]:
    return {"rgb": rgb, "flow": flow, "skeleton": skeleton}


PAIRS: tuple[Pair, ...] = (
    Pair("drink", ("drink_from_cup", "drink_from_can"), "surface", _sees("sees", "blind", "blind")),
    Pair("look", ("read_book", "use_tablet"), "surface", _sees("sees", "blind", "blind")),
    Pair("keyboard", ("type_on_keyboard", "rest_on_keyboard"), "still", _sees("weak", "sees", "blind")),
    Pair("pot", ("stir_pot", "wait_at_pot"), "still", _sees("weak", "sees", "blind")),
    Pair("hand", ("offer_hand", "withdraw_hand"), "depth", _sees("blind", "blind", "sees")),
    Pair("door", ("push_door", "pull_door"), "depth", _sees("blind", "blind", "sees")),
    Pair("chair", ("sit_down", "get_up"), "reversed", _sees("sees", "sees", "sees")),
    Pair("hat", ("put_on_hat", "take_off_hat"), "reversed", _sees("weak", "sees", "sees")),
)

CLASSES: tuple[str, ...] = tuple(name for pair in PAIRS for name in pair.classes)

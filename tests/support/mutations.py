"""Mutations of valid files: bytes, values of JSON documents, and arrays, as damage and malice leave them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

HOSTILE_VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 3, 10**15, 10**400, 0.5, -0.0, 1e308, float("nan"), float("inf"), float("-inf")),
    *("", "x", "../../x", "/etc/passwd", "a\0b", "\x1b[2J", "\udcff", "[/x]", "$\\frac$", "x" * 5000, "9"),
    *([], {}, [None], [[[]]], {"": None}, {"type": "os.system"}, [1, "x"], [float("nan")]),
)


def mutate_bytes(data: bytes, random: Random) -> bytes:
    """Return bytes with a few of them changed, removed, repeated, or numbers of 32 bits set to extremes."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(changed) or 1)
        match random.randrange(6):
            case 0:
                changed[place : place + 1] = bytes([random.randrange(256)])
            case 1:
                del changed[place : place + random.randint(1, 64)]
            case 2:
                changed = changed[:place]
            case 3:
                changed[place : place + 4] = random.choice((b"\0" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f"))
            case 4:
                changed[place:place] = changed[place : place + random.randint(1, 64)]
            case 5:
                end = max(len(changed) - random.randint(1, 60), 0)
                changed[end : end + 4] = random.choice((b"\0" * 4, b"\xff" * 4, b"\0\0\1\0"))
    return bytes(changed)


def mutate_document(document: Any, random: Random) -> Any:
    """Return a JSON document with a few values replaced by hostile ones, or fields removed."""
    changed = copy.deepcopy(document)
    for _ in range(random.randint(1, 3)):
        places = _places(changed)
        if not places:
            return changed
        owner, key = random.choice(places)
        if random.random() < 0.15:
            del owner[key]
        else:
            owner[key] = copy.deepcopy(random.choice(HOSTILE_VALUES))
    return changed


def mutate_arrays(arrays: dict[str, np.ndarray], random: Random) -> dict[str, np.ndarray]:
    """Return arrays of which one has another type, shape or values, or is missing."""
    changed = dict(arrays)
    name = random.choice(sorted(changed))
    array = changed[name]
    match random.randrange(7):
        case 0:
            del changed[name]
        case 1:
            changed[name] = np.array(["text"] * max(array.size, 1))
        case 2:
            changed[name] = np.full(array.shape, "1")
        case 3:
            changed[name] = array[..., :1] if array.ndim else np.array([array])
        case 4:
            changed[name] = np.full(array.shape, np.nan)
        case 5:
            changed[name] = np.array(random.choice((b"\xff", 1j, np.datetime64("2020"), "", -(2**40))))
        case 6:
            changed[name] = array.ravel()[:0]
    return changed


def write_document(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document))


def _places(node: Any) -> list[tuple[Any, Any]]:
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [place for key in keys for place in ((node, key), *_places(node[key]))]

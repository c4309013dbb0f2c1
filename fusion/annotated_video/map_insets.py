"""Insets of the annotated video with the attention maps of a window: places, joints, parts and times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw

from triad.fusion.annotated_video.attention_inset import InputBox, draw_heat
from triad.fusion.annotated_video.frame_layout import INSET_HW, fit_text
from triad.fusion.annotated_video.person_overlay import PersonOverlay
from triad.fusion.inference import SampleMap
from triad.fusion.rendering.attention_rows import COLOR, time_map_of
from triad.fusion.rendering.relevance import draw_relevance
from triad.fusion.rendering.style import BACKGROUND, LINE_COLOR, MUTED_COLOR, TEXT_COLOR, font, format_weight
from triad.modalities.letterbox import resize

MAX_LABELLED = 6
"""Parts that have a line of their own in an inset."""
_LABEL_WIDTH, _NUMBER_WIDTH = 62, 34  # pixels
_PALE = (190, 189, 208)


def draw_map_insets(
    maps: Sequence[SampleMap],
    picture: np.ndarray,
    people: Sequence[PersonOverlay],
    boxes: Mapping[str, InputBox],
    time: float,
) -> list[tuple[str, np.ndarray]]:
    """Return caption and picture of each map: one of places first, of joints, of parts and of times, then the others.

    A map of times that sets the strength of a map of places has no inset of its own.

    Args:
        maps: maps of a window.
        picture: the displayed picture, uint8 ``[h, w, 3]``.
        people: people in the picture, in the order of the network's persons.
        boxes: boxes that the inputs of streams cover.
        time: time of the frame, seconds.
    """
    strengths = [time_map_of(one, maps) for one in maps if one.has("HW")]
    ranked: list[tuple[int, str, np.ndarray]] = []
    for one in maps:
        caption = _caption(one)
        if one.has("HW"):
            heat = draw_heat(picture, one, time_map_of(one, maps), boxes.get(one.stream), time)
            ranked.append((0, caption, heat))
        elif one.has("V"):
            joints = draw_joints(picture, one, people, time)
            if joints is not None:
                ranked.append((1, caption, joints))
        elif one.has("N"):
            ranked.append((2, caption, draw_parts(one, time)))
        elif one.has("T") and not any(one is other for other in strengths):
            ranked.append((3, caption, draw_times(one, time)))
    kinds = [kind for kind, _, _ in ranked]
    order = sorted(range(len(ranked)), key=lambda position: (kinds[:position].count(kinds[position]), kinds[position]))
    return [ranked[position][1:] for position in order]


def draw_joints(picture: np.ndarray, one: SampleMap, people: Sequence[PersonOverlay], time: float) -> np.ndarray | None:
    """Return the part of the picture around the people with their joints in size and colour of their weights.

    Args:
        picture: the displayed picture, uint8 ``[h, w, 3]``.
        one: map of joints.
        people: people in the picture, in the order of the network's persons.
        time: time of the frame, seconds.

    Shapes: uint8 ``[*INSET_HW, 3]``; None where nobody with these joints is in the picture.
    """
    weights = one.over("MTV")  # [M, T, V]
    low = float(weights.min())
    high = float(weights.max())
    now = weights[:, int(one.at(np.array([time]))[0])] - low
    shown = [person for person in people if person.layout.num_joints == weights.shape[-1]][: len(weights)]
    visible = [person.pixels[person.scores > 0] for person in shown]
    if not any(map(len, visible)):
        return None
    left, top, width, height = _box_around(np.concatenate(visible), picture.shape[:2])
    crop = resize(picture[top : top + height, left : left + width], INSET_HW)
    crop = (0.5 * crop.mean(-1, keepdims=True) + 0.5 * 255).repeat(3, axis=-1).astype(np.uint8)
    scale = np.array([INSET_HW[1] / width, INSET_HW[0] / height])
    for number, person in enumerate(shown):
        pixels = (person.pixels - [left, top]) * scale
        crop = draw_relevance(
            crop, pixels, person.scores, person.layout, values=now[number], limit=high - low, signed=False
        )
    return crop


def draw_parts(one: SampleMap, time: float) -> np.ndarray:
    """Return the parts at a time as labelled bars, or without words where there are many. uint8 ``[*INSET_HW, 3]``."""
    values = one.over("TN")[int(one.at(np.array([time]))[0])]
    if len(values) > MAX_LABELLED:
        return _draw_columns(values, None)
    image = Image.new("RGB", INSET_HW[::-1], BACKGROUND)
    draw = ImageDraw.Draw(image)
    highest = max(float(one.over("TN").max()), 1e-9)
    step = min(INSET_HW[0] / len(values), 26)
    y = (INSET_HW[0] - step * len(values)) / 2 + step / 2
    right = INSET_HW[1] - _NUMBER_WIDTH
    names = one.names or tuple(map(str, range(1, len(values) + 1)))
    for name, value in zip(names, values.tolist(), strict=True):
        draw.text((0, y), fit_text(name, 11, _LABEL_WIDTH - 4), TEXT_COLOR, font(11), anchor="lm")
        end = _LABEL_WIDTH + (right - _LABEL_WIDTH) * value / highest
        draw.rectangle((_LABEL_WIDTH, y - 5, right, y + 5), LINE_COLOR)
        draw.rectangle((_LABEL_WIDTH, y - 5, max(end, _LABEL_WIDTH + 1), y + 5), COLOR)
        number = format_weight(value, highest)
        draw.text((INSET_HW[1] - 1, y), number, MUTED_COLOR, font(11), anchor="rm")
        y += step
    return np.asarray(image)


def draw_times(one: SampleMap, time: float) -> np.ndarray:
    """Return the times of a window as bars, that of the frame in colour. Shapes: uint8 ``[*INSET_HW, 3]``."""
    return _draw_columns(one.over("T"), int(one.at(np.array([time]))[0]))


def _draw_columns(values: np.ndarray, marked: int | None) -> np.ndarray:
    image = Image.new("RGB", INSET_HW[::-1], BACKGROUND)
    draw = ImageDraw.Draw(image)
    height, width = INSET_HW
    step = width / len(values)
    gap = 1 if step > 3 else 0
    for number, value in enumerate((values / max(float(values.max()), 1e-9)).tolist()):
        color = COLOR if marked is None or number == marked else _PALE
        draw.rectangle((number * step, height - 1 - (height - 4) * value, (number + 1) * step - 1 - gap, height), color)
    return np.asarray(image)


def _caption(one: SampleMap) -> str:
    stream = "" if one.stream in one.name else f" of {one.stream}"
    return f"{one.name}: {one.undriven_note}" if one.undriven_note else f"{one.name}{stream}"


def _box_around(pixels: np.ndarray, picture_hw: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Return left, top, width and height of a box of the inset's shape around joints, inside the picture if it fits."""
    low = pixels.min(0)
    high = pixels.max(0)
    aspect = INSET_HW[1] / INSET_HW[0]
    height = max(1.25 * (high[1] - low[1]), 1.25 * (high[0] - low[0]) / aspect, 24)
    height = min(height, picture_hw[0], picture_hw[1] / aspect)
    width = height * aspect
    middle = (low + high) / 2
    left = np.clip(middle[0] - width / 2, 0, picture_hw[1] - width)
    top = np.clip(middle[1] - height / 2, 0, picture_hw[0] - height)
    return int(left), int(top), max(int(width), 1), max(int(height), 1)

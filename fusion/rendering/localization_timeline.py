"""Picture of the annotated and the detected actions of a video over time, a row a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from triad.fusion.rendering.style import BACKGROUND, LINE_COLOR, MUTED_COLOR, TEXT_COLOR, font, shorten
from triad.modalities.atomic_files import read_json
from triad.modalities.checks import NEAR, fail, printable
from triad.modalities.modality import Color
from triad.modalities.schema import Fields, ListOf, Number, Text, check_document

CURE = "write it with triad evaluate localization"
SECONDS = Number(0, 1e9)
INSTANCES = ListOf(
    Fields(required={"start": SECONDS, "end": SECONDS, "label": Text()}, optional={"score": Number(0, 1)})
)
TIMELINE = Fields(
    required={
        "videos": Fields(
            others=Fields(required={"duration": Number(1e-3, 1e9), "truth": INSTANCES, "predicted": INSTANCES})
        )
    }
)
TRUTH_COLOR: Color = (47, 111, 167)
PREDICTED_COLOR: Color = (214, 108, 38)
WIDTH = 1280
NAME_WIDTH = 240
MARGIN = 24
HEADER_HEIGHT = 64
ROW_HEIGHT = 34
AXIS_HEIGHT = 44
MAX_ROWS = 60
"""Classes that are drawn, those that last longest; the others are counted."""
MIN_TICK_DISTANCE = 90
TICK_STEPS = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)  # seconds


def load_timeline(path: str | Path, video: str) -> Mapping[str, Any]:
    """Return the ``duration``, ``truth`` and ``predicted`` of a video in a ``timeline.json``.

    Raises:
        InputError: If the file is no timeline, or has no such video, naming the nearest.
    """
    document = read_json(path, cure=CURE)
    check_document(f"timeline '{path}'", document, TIMELINE, CURE)
    videos: Mapping[str, Mapping[str, Any]] = document["videos"]
    if video not in videos:
        near = get_close_matches(video, list(videos), n=3, cutoff=NEAR) or sorted(videos)[:3]
        must = f"be one of the {len(videos)} of '{path}'"
        fail("video", must, f"'{printable(video)}'", f"such as {', '.join(map(printable, near))}")
    return videos[video]


def draw_localization(name: str, timeline: Mapping[str, Any]) -> Image.Image:
    """Draw the actions of a video: what is annotated above what is detected, paler where its score is low.

    Args:
        name: name of the video.
        timeline: ``duration``, ``truth`` and ``predicted``, see :func:`load_timeline`.
    """
    rows, num_hidden = _rows_of(timeline)
    height = HEADER_HEIGHT + ROW_HEIGHT * max(len(rows), 1) + AXIS_HEIGHT
    image = Image.new("RGB", (WIDTH, height), BACKGROUND)
    draw = ImageDraw.Draw(image)
    left = MARGIN + NAME_WIDTH
    scale = (WIDTH - MARGIN - left) / timeline["duration"]
    _draw_header(draw, name, num_hidden)
    _draw_axis(draw, left, scale, timeline["duration"], height)
    if not rows:
        draw.text((left, HEADER_HEIGHT + 8), "no action annotated or detected", MUTED_COLOR, font(14))
    for number, label in enumerate(rows):
        top = HEADER_HEIGHT + ROW_HEIGHT * number
        draw.line((MARGIN, top, WIDTH - MARGIN, top), LINE_COLOR)
        text = shorten(printable(label), font(14), NAME_WIDTH - 16)
        draw.text((MARGIN, top + ROW_HEIGHT / 2), text, TEXT_COLOR, font(14), anchor="lm")
        for key, color, offset in (("truth", TRUTH_COLOR, 5), ("predicted", PREDICTED_COLOR, 18)):
            for item in timeline[key]:
                if item["label"] == label:
                    start = left + min(item["start"], timeline["duration"]) * scale
                    end = left + min(item["end"], timeline["duration"]) * scale
                    strength = 0.35 + 0.65 * item["score"] if item.get("score") is not None else 1.0
                    box = (start, top + offset, max(end - 1, start + 1), top + offset + 10)
                    draw.rectangle(box, _blend(color, strength))
    return image


def _rows_of(timeline: Mapping[str, Any]) -> tuple[list[str], int]:
    """Return the classes to draw, by their first appearance, and the number of those left out."""
    seconds: dict[str, float] = {}
    first: dict[str, float] = {}
    for item in (*timeline["truth"], *timeline["predicted"]):
        label = item["label"]
        seconds[label] = seconds.get(label, 0.0) + max(item["end"] - item["start"], 0.0)
        first[label] = min(first.get(label, np.inf), item["start"])
    longest = sorted(seconds, key=lambda label: -seconds[label])[:MAX_ROWS]
    return sorted(longest, key=lambda label: (first[label], label)), len(seconds) - len(longest)


def _draw_header(draw: ImageDraw.ImageDraw, name: str, num_hidden: int) -> None:
    draw.text((MARGIN, 14), shorten(printable(name), font(18, bold=True), 560), TEXT_COLOR, font(18, bold=True))
    note = f"{num_hidden} more classes" if num_hidden else ""
    draw.text((MARGIN, 40), note, MUTED_COLOR, font(12))
    x = WIDTH - MARGIN - 260
    for text, color in (("annotated", TRUTH_COLOR), ("detected", PREDICTED_COLOR)):
        draw.rectangle((x, 20, x + 22, 30), color)
        draw.text((x + 30, 25), text, TEXT_COLOR, font(14), anchor="lm")
        x += 140


def _draw_axis(draw: ImageDraw.ImageDraw, left: float, scale: float, duration: float, height: int) -> None:
    step = next((step for step in TICK_STEPS if step * scale >= MIN_TICK_DISTANCE), duration / 8)
    bottom = height - AXIS_HEIGHT
    draw.line((left, bottom, left + duration * scale, bottom), MUTED_COLOR)
    for tick in np.arange(0, duration + 1e-9, step).tolist():
        x = left + tick * scale
        draw.line((x, HEADER_HEIGHT, x, bottom + 6), LINE_COLOR)
        draw.text((x, bottom + 10), format_time(tick, step), MUTED_COLOR, font(12), anchor="ma")


def format_time(seconds: float, step: float) -> str:
    """Return ``1:04``, ``1:02:03`` from an hour on, or ``0:01.5`` where the step is below a second."""
    digits = 1 if step < 1 else 0
    rounded = round(seconds, digits)
    hours, remainder = divmod(rounded, 3600)
    minutes, seconds = divmod(remainder, 60)
    text = f"{seconds:0{3 + digits if digits else 2}.{digits}f}"
    return f"{int(hours)}:{int(minutes):02}:{text}" if hours else f"{int(minutes)}:{text}"


def _blend(color: Sequence[int], strength: float) -> Color:
    red, green, blue = (
        round(strength * value + (1 - strength) * ground) for value, ground in zip(color, BACKGROUND, strict=True)
    )
    return red, green, blue

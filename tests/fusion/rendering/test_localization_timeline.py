"""Timeline of annotated and detected actions: where bars lie, and files that are no timelines."""

from __future__ import annotations

import json

import numpy as np
import pytest

from triad.fusion.rendering.localization_timeline import (
    HEADER_HEIGHT,
    MARGIN,
    NAME_WIDTH,
    PREDICTED_COLOR,
    TRUTH_COLOR,
    WIDTH,
    draw_localization,
    format_time,
    load_timeline,
)
from triad.modalities.checks import InputError

TRUTH = {"start": 2.5, "end": 5.0, "label": "drink"}
FOUND = {"start": 5.0, "end": 10.0, "label": "drink", "score": 1.0}


def columns_of(color: tuple[int, int, int], predicted: list) -> tuple[int, int]:
    """Return the first and the last column of the bars of a colour, as shares of the timeline in 1/1000."""
    image = draw_localization("v", {"duration": 10.0, "truth": [TRUTH], "predicted": predicted})
    pixels = np.asarray(image)[HEADER_HEIGHT:]
    columns = np.flatnonzero((pixels == color).all(axis=2).any(axis=0))
    left, right = MARGIN + NAME_WIDTH, WIDTH - MARGIN
    return round((columns[0] - left) / (right - left), 2), round((columns[-1] - left) / (right - left), 2)


def test_bars_lie_at_their_times():
    assert columns_of(TRUTH_COLOR, [FOUND]) == (0.25, 0.5)
    assert columns_of(PREDICTED_COLOR, [FOUND]) == (0.5, 1.0)


def test_low_scores_are_pale():
    image = np.asarray(draw_localization("v", {"duration": 10.0, "truth": [], "predicted": [{**FOUND, "score": 0.1}]}))
    assert not (image[HEADER_HEIGHT:] == PREDICTED_COLOR).all(axis=2).any()


@pytest.mark.parametrize(
    ("seconds", "step", "text"), [(64, 1, "1:04"), (3723, 60, "1:02:03"), (1.5, 0.5, "0:01.5"), (59.96, 0.5, "1:00.0")]
)
def test_times_of_axis(seconds, step, text):
    assert format_time(seconds, step) == text


def test_many_classes_are_counted():
    items = [{"start": 0.0, "end": 1.0 + number, "label": f"c{number}"} for number in range(70)]
    image = draw_localization("v", {"duration": 100.0, "truth": items, "predicted": []})
    assert image.height < 60 * 34 + 120


def test_empty_video_is_drawn():
    assert draw_localization("v", {"duration": 1e9, "truth": [], "predicted": []}).width == WIDTH


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "timeline .* must be an object"),
        ({"videos": {"v": {}}}, "must have 'duration'"),
        (
            {"videos": {"v": {"duration": 0, "truth": [], "predicted": []}}},
            "duration of v .* a number from 0.001",
        ),
        ({"videos": {"v": {"duration": 1, "truth": [{"start": 0}], "predicted": []}}}, "entry 0 of truth of v"),
        (
            {"videos": {"video": {"duration": 1, "truth": [], "predicted": []}}},
            "be one of the 1 of .*such as video",
        ),
    ],
)
def test_foreign_file_is_refused(tmp_path, document, message):
    (tmp_path / "t.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match=message):
        load_timeline(tmp_path / "t.json", "v")

"""Lists of mmaction2: paths with spaces and quotes, pictures with their number, and several labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from triad.fusion.datasets.custom.lists import VIDEO_LIST, VideoFiles, is_video_list, read_video_list
from triad.modalities.checks import InputError


def test_rows_of_videos_and_pictures():
    text = '\ufeffa.mp4 0\r\n\r\nmy clips/b c.mp4 11\n"d e.mp4" 2\nwave/clip 8 1\nf.mp4 1 3\n# note\ng.mp4\n'.lstrip(
        "\ufeff"
    )
    assert list(read_video_list(text)) == [
        ("line 1", {"path": "a.mp4", "label": "0"}),
        ("line 3", {"path": "my clips/b c.mp4", "label": "11"}),
        ("line 4", {"path": "d e.mp4", "label": "2"}),
        ("line 5", {"path": "wave/clip", "label": "1"}),
        ("line 6", {"path": "f.mp4", "label": "1 3"}),
        ("line 8", {"path": "g.mp4", "label": ""}),
    ]


def test_tables_are_no_such_lists():
    assert is_video_list("a.mp4 0\n")
    assert is_video_list("\nwave/clip 8 0")
    for header in ("path,label", "path\tlabel", "a.mp4, 0", "path;label\nx;1", ""):
        assert not is_video_list(header)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a.mp4", "row 'a.mp4' must end with a label, got none"),
        ("a.mp4 1 2", "'a.mp4' must have one label, got 2, 1, 2"),
        (
            "clip 0 8 1",
            "row 'clip' must be 'folder num_frames label', got three numbers, 0, 8, 1; .* offset are not read",
        ),
    ],
)
def test_other_rows_say_why(row, message):
    _, values = next(read_video_list(row))
    with pytest.raises(InputError, match=message):
        VIDEO_LIST.convert(values, VideoFiles(Path()))

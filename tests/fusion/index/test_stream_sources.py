"""A stream that a dataset lacks is named with the command that makes it."""

from __future__ import annotations

import pytest

from fusion.index.stream_sources import extraction_of


@pytest.mark.parametrize(
    ("stream", "command"),
    [
        ("flow_dis", "python tools/extract.py data --flow dis"),
        ("pose_rtmpose", "python tools/extract.py data --pose rtmpose"),
        ("lifted_rtmpose", "python tools/lift.py data --stream pose_rtmpose --checkpoint FILE"),
        ("skeleton", "name skeleton files in a table: python tools/prepare.py table TABLE data"),
        ("depth", None),
    ],
)
def test_the_command_that_makes_a_stream(stream: str, command: str | None):
    assert extraction_of(stream, "data") == command

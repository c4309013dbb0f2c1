"""Streams of a config are looked up in the index, and a missing one is named with the command that makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from triad.fusion.index import Index, check_source, extraction_command, source_of
from triad.modalities.checks import InputError


def test_source_defaults_to_stream_name():
    assert source_of("skeleton", {"reader": {}}) == "skeleton"
    assert source_of("skeleton_bone", {"source": "skeleton"}) == "skeleton"


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("flow_dis", "flow_dis", r"stream 'flow_dis' must be in '/data', got only rgb, skeleton; triad extract"),
        ("bone", "pose_x", r"source 'pose_x' of stream 'bone' must be in '/data', .*triad extract /data --pose x"),
        ("skeleton_bone", "skeleton_bone", r'\(did you mean \'skeleton\'\?\); add source="skeleton" to the stream'),
    ],
)
def test_missing_stream_is_refused(name, source, message):
    streams = {"rgb": {"modality": "rgb"}, "skeleton": {"modality": "skeleton"}}
    index = Index(Path("/data"), {"dataset": "toy", "classes": [], "streams": streams}, [])
    check_source("rgb", "rgb", index)
    with pytest.raises(InputError, match=message):
        check_source(name, source, index)


@pytest.mark.parametrize(
    ("stream", "command"),
    [
        ("flow_dis", "triad extract data --flow dis"),
        ("pose_rtmpose", "triad extract data --pose rtmpose"),
        ("lifted_rtmpose", "triad lift data --stream pose_rtmpose --checkpoint FILE"),
        ("skeleton", "name skeleton files in a table: triad prepare table TABLE data"),
        ("audio", None),
    ],
)
def test_extraction_command(stream, command):
    assert extraction_command(stream, "data") == command

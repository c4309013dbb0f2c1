"""Streams whose clips are the same, as crops of one video, so that they are read once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


def find_twins(
    sources: Mapping[str, str], streams: Mapping[str, Mapping[str, Any]], corrupted: Collection[str]
) -> dict[str, str]:
    """Return, for each stream, the first one whose clips are the same: crops of one video are read once."""
    clips = {
        name: (sources[name], stream["reader"], stream["num_frames"], name in corrupted)
        for name, stream in streams.items()
    }
    return {name: next(other for other, clip in clips.items() if clip == clips[name]) for name in clips}

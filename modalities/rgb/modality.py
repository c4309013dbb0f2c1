"""The modality RGB: frames of a video."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from triad.modalities.clips import RgbClip, Source
from triad.modalities.collation import fill_times, stack_clips
from triad.modalities.live import LiveInput
from triad.modalities.modality import (
    DATA,
    LETTERBOX,
    VALID,
    InputField,
    Modality,
    ModelInput,
    StoredContent,
    StoredFiles,
)
from triad.modalities.rgb.live import open_frames
from triad.modalities.rgb.painter import RgbPainter
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.video import count_packets, read_frames


def default_reader(info: Mapping[str, Any], frame_size: tuple[int, int]) -> RgbReader:
    """Return the reader of any video."""
    return RgbReader(frame_size=frame_size)


def randomize(clip: RgbClip, rng: np.random.Generator) -> RgbClip:
    """Return the clip with random bytes."""
    return replace(clip, data=rng.integers(0, 256, clip.data.shape, np.uint8))


def inspect_video(source: Source, info: Mapping[str, Any]) -> StoredContent:
    """Count the pictures of a video without decoding them.

    Raises:
        InputError: If it is no video, or its first picture does not decode.
    """
    return StoredContent(count_packets(source.path))


def frame_size_of(source: Source) -> tuple[int, int]:
    """Return height and width of the first frame, pixels."""
    height, width = read_frames(source.path, [0]).shape[1:3]
    return height, width


MODALITY = Modality(
    name="rgb",
    clip=RgbClip,
    reader=RgbReader,
    default_reader=default_reader,
    collate=stack_clips,
    fill=fill_times,
    randomize=randomize,
    files=StoredFiles(
        inspector=lambda: inspect_video,
        frame_size=frame_size_of,
        exact=False,  # a video may hold packets that do not decode
        compare_bytes=True,
        folders=True,
        unverified="that the frames of videos decode beyond the first (prepare decoded them all)",
    ),
    input=ModelInput(
        fields={"data": InputField("BTHWC", DATA), "valid": InputField("BT", VALID)},
        feeding=f"Frames as RGB bytes, 0–255. {LETTERBOX} Size and normalisation are in the graph.",
    ),
    live=LiveInput(open=open_frames),
    painter=RgbPainter,
    is_backdrop=True,
    stream_prefixes=("rgb",),
)

"""Videos that benchmarks of input pipelines read, and the dataset of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import cv2
import numpy as np
from torch import nn

from triad.fusion.data import ActionDataset, TemporalSampler, collate
from triad.fusion.datasets.minihome import CLASSES, ClipSpec, add_noise, draw_frames, perform
from triad.fusion.index import write_index
from triad.modalities.augmentation import RandomSpatialAugmentation
from triad.modalities.checks import fail
from triad.modalities.clips import Reader
from triad.modalities.prepared_view import prepare_view

NUM_CLIPS = 48
BATCH_SIZE = 8
NUM_FRAMES = 40
FRAME_SIZE = (240, 320)
FPS = 30
SUFFIXES = (".avi", ".mp4", ".mkv", ".webm", ".mov")


class InputSize(NamedTuple):
    """Settings of a leaf: frames of a clip, size of the network's input and of the frame before the crop, pixels."""

    num_frames: int
    size: int
    frame_size: tuple[int, int]


SIZES = (InputSize(16, 112, (128, 171)), InputSize(32, 224, (256, 340)))
"""Those of ``configs/rgb/r2plus1d_18_jhmdb.py`` and ``i3d_r50_jhmdb.py``."""


def given_videos(folder: Path) -> tuple[list[Path], str]:
    """Return videos of a benchmark and the words that say where they are from.

    They are spread over the subfolder ``videos``, which may be a link; where there is none, videos like J-HMDB's are
    written there.
    """
    is_given = (folder / "videos").is_dir()
    if not is_given:
        write_videos(folder / "videos", num=NUM_CLIPS)
    return find_videos(folder / "videos", num=NUM_CLIPS), "videos of the folder" if is_given else "simulated videos"


def find_videos(folder: Path, *, num: int) -> list[Path]:
    """Return up to ``num`` videos that are spread evenly over a folder and its subfolders.

    Raises:
        InputError: If there is none.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        fail("folder of videos", f"hold files that end in {', '.join(SUFFIXES)}", f"none in '{folder}'")
    return [paths[position] for position in np.unique(np.linspace(0, len(paths) - 1, num).astype(int))]


def write_videos(folder: Path, *, num: int) -> list[Path]:
    """Write videos of MiniHome as J-HMDB's are: 40 frames of 320×240, MPEG-4, a key frame every 12, 1.3 Mbit/s."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(num):
        path = folder / f"clip{number:03}.avi"
        paths.append(path)
        if not path.is_file():
            _write_video(path, ClipSpec(0, number % len(CLASSES), "s01", 1 + number // len(CLASSES)))
    return paths


def _write_video(path: Path, clip: ClipSpec) -> None:
    frames = add_noise(draw_frames(perform(clip).scene), clip.clip_rng("camera noise"))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=Fraction(FPS))
        stream.height, stream.width = FRAME_SIZE
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 1_300_000
        stream.gop_size = 12
        stream.codec_context.thread_count = 1
        for position in range(NUM_FRAMES):
            image = cv2.resize(frames[position % len(frames)], FRAME_SIZE[::-1])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))


def build_dataset(
    root: Path,
    stream: dict[str, Any],
    sources: list[dict[str, Any]],
    reader: Reader,
    num_frames: int,
    transform: Mapping[str, Any] | None = None,
) -> ActionDataset:
    """Return a training dataset of one stream as the leaves for J-HMDB read it, without changes of colour.

    Args:
        root: folder of the index, which is written.
        stream: entry of the stream in the metainfo.
        sources: source of each record.
        reader: reader of the stream.
        num_frames: number of times in a span.
        transform: config of the stream's transform, to whose size the reader crops; None reads whole frames.
    """
    name = stream["modality"]
    records = [
        {"id": f"clip{row:03}", "label": 0, "subject": "s01", "sources": {name: source}}
        for row, source in enumerate(sources)
    ]
    write_index(root / "index.json", {"dataset": "minihome", "classes": ["x"], "streams": {name: stream}}, records)
    return ActionDataset(
        index=root,
        protocol="cross_subject",
        split="train",
        streams={name: {"reader": reader, "num_frames": num_frames, "transform": transform}},
        temporal_sampler=TemporalSampler(min_span_ratio=0.7),
        augmentation=RandomSpatialAugmentation(area=0.5, aspect=1.0, flip=0.5),
    )


def build_pipeline(dataset: ActionDataset, stream: str, transform: nn.Module) -> Callable[[], None]:
    """Return a function that reads a dataset of one stream in batches and transforms them."""

    def load_batches() -> None:
        for start in range(0, len(dataset), BATCH_SIZE):
            batch = collate([dataset[row] for row in range(start, min(start + BATCH_SIZE, len(dataset)))])
            transform(batch[stream], prepare_view(batch["view"]))  # as the preprocessor does

    return load_batches


def entries_of(dataset: ActionDataset, stream: str) -> list[np.ndarray]:
    """Return the numbers of the frames or fields that each sample shows, int ``[T]``."""
    entries = []
    for row, record in enumerate(dataset.records):
        source = dataset.index.source(record, stream)
        if source is None:
            fail(f"record '{record['id']}'", f"have the stream '{stream}'", "none")
        entries.append(source.locate(dataset[row].clips[stream].times))
    return entries

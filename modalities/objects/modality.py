"""The modality objects: detected objects over time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from triad.modalities.checks import fail, shorten
from triad.modalities.clips import Source
from triad.modalities.live import LiveInput
from triad.modalities.modality import DATA, VALID, InputField, Modality, ModelInput, StoredContent, StoredFiles
from triad.modalities.objects import VOCABULARIES, ObjectClip, ObjectReader, get_vocabulary
from triad.modalities.objects.live import open_objects
from triad.modalities.objects.object_file import read_objects
from triad.modalities.objects.painter import ObjectPainter


def default_reader(info: Mapping[str, Any], frame_size: tuple[int, int]) -> ObjectReader:
    """Return the reader whose vocabulary knows most of the stored classes."""
    classes = set(info["classes"])
    vocabulary = max(VOCABULARIES, key=lambda name: len(classes & set(VOCABULARIES[name])))
    return ObjectReader(vocabulary=vocabulary, frame_size=frame_size)


def stack_objects(clips: Sequence[ObjectClip]) -> dict[str, Tensor]:
    """Stack clips of objects, all of one number of objects a time.

    Shapes: ``data`` float32 ``[B, T, K, 4]``, ``labels`` int64 ``[B, T, K]``, ``scores`` float32 ``[B, T, K]``,
    ``valid`` bool ``[B, T]``, ``times`` seconds ``[B, T]``.
    """
    fields = {"data": "boxes", "labels": "labels", "scores": "scores", "valid": "valid", "times": "times"}
    return {key: torch.from_numpy(np.stack([getattr(clip, name) for clip in clips])) for key, name in fields.items()}


def fill(clip: ObjectClip, persons: int) -> ObjectClip:
    """Return the clip with all its times valid and all its objects present."""
    boxes = np.broadcast_to(np.array([0, 0, 1, 1], np.float32), clip.boxes.shape).copy()
    return replace(clip, boxes=boxes, scores=np.ones_like(clip.scores), valid=np.ones_like(clip.valid))


def randomize(clip: ObjectClip, rng: np.random.Generator) -> ObjectClip:
    """Return the clip with objects of any class and size, of which a third is missing."""
    corners = rng.uniform(0, 100, (2, *clip.boxes.shape[:2], 2))
    boxes = np.concatenate([corners.min(0), corners.max(0)], -1).astype(np.float32)
    scores = rng.uniform(0.1, 1, clip.scores.shape) * (rng.random(clip.scores.shape) > 1 / 3)
    labels = rng.integers(len(get_vocabulary(clip.vocabulary)), size=clip.labels.shape)
    return replace(clip, boxes=boxes, labels=labels, scores=scores.astype(np.float32))


def inspect_objects(source: Source, info: Mapping[str, Any]) -> StoredContent:
    """Read all objects of a video.

    Raises:
        InputError: If the file is damaged, or names other classes than the index.
    """
    objects = read_objects(source.path)
    if list(objects.classes) != list(info["classes"]):
        fail(f"classes of '{source.path}'", "be those of the index", shorten(objects.classes), "extract it again")
    if not (objects.scores > 0).any():
        return StoredContent(len(objects.boxes))  # files without objects are all alike
    digest = hashlib.blake2b(objects.boxes.tobytes() + objects.labels.tobytes(), digest_size=16).digest()
    return StoredContent(len(objects.boxes), digest)


def frame_size_of(source: Source) -> tuple[int, int] | None:
    """Return height and width of the frames that boxes refer to."""
    return source.size_hw


def describe_vocabulary(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the classes that labels refer to, and the number of objects a time."""
    return {"classes": list(get_vocabulary(options["vocabulary"])), "max_objects": options.get("max_objects", 8)}


def add_command(stream: str, data: str) -> str | None:
    """Return the command that detects objects in the videos."""
    name = stream.partition("_")[2]
    return f"triad extract {data} --objects {name or 'NAME'} --object-detector FILE.onnx"


MODALITY = Modality(
    name="objects",
    clip=ObjectClip,
    reader=ObjectReader,
    default_reader=default_reader,
    collate=stack_objects,
    fill=fill,
    randomize=randomize,
    files=StoredFiles(inspector=lambda: inspect_objects, frame_size=frame_size_of),
    input=ModelInput(
        fields={
            "data": InputField("BTKC", DATA),
            "labels": InputField("BTK", "number of each object's class in `classes`"),
            "scores": InputField("BTK", "confidence of each object, 0 where there is none"),
            "valid": InputField("BT", VALID),
        },
        feeding="Boxes (x1, y1, x2, y2) in pixels of the canvas from its corner: s * p + ((W - s * w) / 2, (H - s * h) "
        "/ 2) with s = min(H / h, W / w), or max where crop_mode of the reader is center; objects in any order, all 0 "
        "where a time has fewer.",
        describe=describe_vocabulary,
    ),
    live=LiveInput(open=open_objects),
    painter=ObjectPainter,
    num_probes=None,
    required_info=("classes",),
    stream_prefixes=("objects",),
    add_command=add_command,
)

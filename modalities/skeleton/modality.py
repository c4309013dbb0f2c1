"""The modality skeleton: joints of persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from triad.modalities.clips import PoseClip, Source
from triad.modalities.live import LiveInput
from triad.modalities.modality import DATA, VALID, InputField, Modality, ModelInput, StoredFiles
from triad.modalities.skeleton.layouts import custom_definition, get_layout
from triad.modalities.skeleton.live import adapt_reader, open_poses
from triad.modalities.skeleton.painter import PosePainter
from triad.modalities.skeleton.reader import PoseReader
from triad.modalities.skeleton.stored_poses import PoseInspector


def default_reader(info: Mapping[str, Any], frame_size: tuple[int, int]) -> PoseReader:
    """Return a reader of the joints as they are stored."""
    return PoseReader(layout=info["layout"], frame_size=frame_size)


def stack_poses(clips: Sequence[PoseClip]) -> dict[str, Tensor]:
    """Stack pose clips, persons padded with absent ones to the largest number in the batch.

    Shapes: ``data`` float32 ``[B, M, T, V, C]``, ``scores`` ``[B, M, T, V]``, ``valid`` bool ``[B, M, T]``, ``times``
    seconds ``[B, T]``; ``pixels`` ``[B, M, T, V, 2]`` where some clip of metres knows them, NaN where they are unknown.
    """
    persons = max(clip.keypoints.shape[0] for clip in clips)
    joints, scores = (
        torch.from_numpy(np.stack([_pad_persons(getattr(clip, name), persons) for clip in clips]))
        for name in ("keypoints", "scores")
    )
    valid_times = torch.from_numpy(np.stack([clip.valid for clip in clips]))
    visible = (scores > 0).any(-1)  # [B, M, T]: at least one joint of the person
    times = torch.from_numpy(np.stack([clip.times for clip in clips]))
    entry = {"data": joints, "scores": scores, "valid": visible & valid_times[:, None], "times": times}
    if any(clip.pixels is not None for clip in clips):
        pixels = [_known_pixels(clip) for clip in clips]
        entry["pixels"] = torch.from_numpy(np.stack([_pad_persons(array, persons) for array in pixels]))
    return entry


def _known_pixels(clip: PoseClip) -> np.ndarray:
    """Return pixels ``[M, T, V, 2]``, NaN where the clip does not know them."""
    return np.full((*clip.scores.shape, 2), np.nan, np.float32) if clip.pixels is None else clip.pixels


def _pad_persons(array: np.ndarray, persons: int) -> np.ndarray:
    if len(array) == persons:
        return array
    return np.concatenate([array, np.zeros((persons - len(array), *array.shape[1:]), array.dtype)])


def fill(clip: PoseClip, persons: int) -> PoseClip:
    """Return the clip with all its times valid and so many persons, each joint of score 1."""
    joints = np.repeat(clip.keypoints[:1], persons, axis=0)  # [M, T, V, C]
    scores = np.ones(joints.shape[:3], np.float32)
    return replace(clip, keypoints=joints, scores=scores, valid=np.ones_like(clip.valid))


def randomize(clip: PoseClip, rng: np.random.Generator) -> PoseClip:
    """Return the clip with joints anywhere in front of a camera, of which a tenth is lost, and pixels of 3D joints."""
    scores = (rng.random(clip.scores.shape) > 0.1).astype(np.float32)
    has_depth = clip.keypoints.shape[-1] == 3
    joints = rng.uniform(0.5, 1.5, clip.keypoints.shape) * (1 if has_depth else 100)
    pixels = rng.uniform(0, 100, (*scores.shape, 2)).astype(np.float32) if has_depth else None
    return replace(clip, keypoints=(joints * scores[..., None]).astype(np.float32), scores=scores, pixels=pixels)


def frame_size_of(source: Source) -> tuple[int, int] | None:
    """Return height and width of the frames that pixels refer to; None where the index names none."""
    return source.size_hw


def describe_layout(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return name, dimensions and joints of a reader's layout, and the definitions of layouts that are not built in."""
    layout = get_layout(options["layout"])
    described = {"layout": {"name": layout.name, "dims": layout.dims, "joints": list(layout.joints)}}
    names = [name for name in (layout.name, options.get("convert_from")) if name is not None]
    definitions = [definition for name in names if (definition := custom_definition(name)) is not None]
    return {**described, "layout_definitions": definitions} if definitions else described


def add_command(stream: str, data: str) -> str | None:
    """Return the command that estimates poses, lifts them, or takes skeleton files."""
    kind, _, name = stream.partition("_")
    if stream == "skeleton":
        return f"name skeleton files in a table: triad prepare table TABLE {data}"
    if kind == "lifted":
        return f"triad lift {data} --stream pose_{name} --checkpoint FILE"
    return f"triad extract {data} --pose {name}" if kind == "pose" else None


MODALITY = Modality(
    name="skeleton",
    clip=PoseClip,
    reader=PoseReader,
    default_reader=default_reader,
    collate=stack_poses,
    fill=fill,
    randomize=randomize,
    files=StoredFiles(inspector=PoseInspector, frame_size=frame_size_of),
    input=ModelInput(
        fields={
            "data": InputField("BMTVC", DATA),
            "scores": InputField("BMTV", "confidence of each joint, 0 where it is lost"),
            "valid": InputField("BMT", VALID),
        },
        feeding="Joints in the order of `layout`, persons in any order, persons and joints that are not seen all 0. "
        "Of a layout with 2 dimensions pixels (x, y), 0 the centre of the first, on the canvas: s * p + ((W - s * w) / "
        "2, (H - s * h) / 2) + (s - 1) / 2 with s = min(H / h, W / w), or max where crop_mode of the reader is center; "
        "with 3 metres in the camera frame, x right, y down. `scores` is the confidence of each joint, 0 where it is "
        "lost; `valid` is true where the person has a joint with a score above 0. Centring, scaling and what else "
        "`transform` names is in the graph.",
        describe=describe_layout,
    ),
    live=LiveInput(open=open_poses, adapt=adapt_reader),
    painter=PosePainter,
    num_probes=None,
    has_joints=True,
    required_info=("layout",),
    stream_prefixes=("skeleton", "pose", "lifted"),
    add_command=add_command,
)

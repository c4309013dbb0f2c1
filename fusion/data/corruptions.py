"""Corruptions of clips, to measure how much accuracy a model loses when its input is not what it was trained on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import cv2
import numpy as np

from triad.modalities.checks import check_choice, fail

Apply = Callable[[Any, float, np.random.Generator], Any]
"""Function from a clip, an amount and a generator to the corrupted clip."""


class CorruptionKind(NamedTuple):
    """One kind of corruption.

    Attributes:
        modalities: modalities that it changes; none for all.
        unit: meaning of the amount.
        bounds: smallest and largest amount.
        amounts: amounts that a robustness curve shows.
        apply: function that changes a clip; None where the clip is read otherwise or not at all.
    """

    modalities: tuple[str, ...]
    unit: str
    bounds: tuple[float, float]
    amounts: tuple[float, ...]
    apply: Apply | None = None


def drop_joints(clip: Any, amount: float, rng: np.random.Generator) -> Any:
    """Lose each joint at each time with probability ``amount``."""
    lost = rng.random(clip.scores.shape) < amount  # [M, T, V]
    keypoints = np.where(lost[..., None], np.float32(0), clip.keypoints)
    pixels = None if clip.pixels is None else np.where(lost[..., None], np.float32(0), clip.pixels)
    return replace(clip, keypoints=keypoints, scores=np.where(lost, np.float32(0), clip.scores), pixels=pixels)


def shake_joints(clip: Any, amount: float, rng: np.random.Generator) -> Any:
    """Add normal noise to each visible joint, with a deviation of ``amount`` times the height of its person.

    Pixels of 3D joints move by the same noise, in units of the person's height in the picture.
    """
    visible = clip.scores > 0
    noise = amount * rng.standard_normal(clip.keypoints.shape)  # heights of the person
    keypoints = clip.keypoints + noise * _heights(clip.keypoints, visible)
    pixels = clip.pixels
    if pixels is not None:
        known = visible & np.isfinite(pixels).all(-1)
        pixels = pixels + noise[..., :2] * _heights(np.nan_to_num(pixels), known)
    return replace(
        clip,
        keypoints=keypoints.astype(np.float32),
        pixels=None if pixels is None else pixels.astype(np.float32),
    )


def _heights(points: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Return the height of each person at each joint that is visible, 0 at others.

    Shapes: ``[M, T, V, C]``, bool ``[M, T, V]`` -> ``[M, T, V, 1]``.
    """
    heights = points[..., 1]
    top = np.where(visible, heights, np.inf).min(axis=2)  # [M, T]
    bottom = np.where(visible, heights, -np.inf).max(axis=2)
    extent = np.where(visible.any(axis=2), bottom - top, 0.0)
    return (extent[..., None] * visible)[..., None]


def lose_frames(clip: Any, amount: float, rng: np.random.Generator) -> Any:
    """Lose each time but the first with probability ``amount``: what came last before it is shown again."""
    there = rng.random(len(clip.times)) >= amount
    there[0] = True
    last = np.maximum.accumulate(np.where(there, np.arange(len(there)), 0))
    if clip.modality == "skeleton":
        pixels = None if clip.pixels is None else clip.pixels[:, last]
        return replace(clip, keypoints=clip.keypoints[:, last], scores=clip.scores[:, last], pixels=pixels)
    if clip.modality == "objects":
        return replace(clip, boxes=clip.boxes[last], labels=clip.labels[last], scores=clip.scores[last])
    return replace(clip, data=clip.data[last])


def darken(clip: Any, amount: float, rng: np.random.Generator) -> Any:
    """Take the share ``amount`` of the light away and add the noise of a dark picture, two grey levels."""
    dark = clip.data * (1 - amount) + rng.normal(0, 2, clip.data.shape) * (amount > 0)
    return replace(clip, data=dark.round().clip(0, 255).astype(np.uint8))


def blur(clip: Any, amount: float, rng: np.random.Generator) -> Any:
    """Blur every frame by a normal kernel with a deviation of ``amount`` pixels of the frame as it is read."""
    if amount == 0:
        return clip
    return replace(clip, data=np.stack([cv2.GaussianBlur(frame, (0, 0), amount) for frame in clip.data]))


def lower_resolution(clip: Any, amount: float, rng: np.random.Generator) -> Any:
    """Shrink every frame by the factor ``amount`` and enlarge it again."""
    height, width = clip.data.shape[1:3]
    small = (max(round(width / amount), 1), max(round(height / amount), 1))
    frames = [cv2.resize(frame, small, interpolation=cv2.INTER_AREA) for frame in clip.data]
    large = [cv2.resize(frame, (width, height), interpolation=cv2.INTER_LINEAR) for frame in frames]
    return replace(clip, data=np.stack(large))


TIME_OFFSET, ABSENT = "time_offset", "absent"

CORRUPTIONS: dict[str, CorruptionKind] = {
    "joints_dropped": CorruptionKind(("skeleton",), "share of joints", (0, 1), (0.25, 0.5, 0.75), drop_joints),
    "joint_noise": CorruptionKind(("skeleton",), "of a person's height", (0, 1), (0.02, 0.05, 0.1), shake_joints),
    "frames_lost": CorruptionKind((), "share of times", (0, 1), (0.25, 0.5, 0.75), lose_frames),
    TIME_OFFSET: CorruptionKind(("skeleton",), "seconds", (-60, 60), (0.25, 0.5, 1.0)),
    ABSENT: CorruptionKind((), "share of samples", (0, 1), (1.0,)),
    "darkness": CorruptionKind(("rgb",), "share of the light", (0, 1), (0.5, 0.75, 0.9), darken),
    "blur": CorruptionKind(("rgb",), "pixels", (0, 100), (1.0, 2.0, 4.0), blur),
    "low_resolution": CorruptionKind(("rgb",), "times smaller", (1, 100), (2.0, 4.0, 8.0), lower_resolution),
}
"""Corruptions by name: of skeletons, of the clock, of whole streams, and the adverse environments of a camera."""


@dataclass(frozen=True)
class Corruption:
    """Corruption of the samples of a dataset.

    Args:
        kind: name of one of :data:`CORRUPTIONS`.
        amount: strength, in the unit of the kind.
        streams: streams that it changes; by default all of its modalities.

    Raises:
        InputError: for another kind, or an amount out of its bounds.
    """

    kind: str
    amount: float
    streams: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        check_choice("kind of a corruption", self.kind, CORRUPTIONS)
        low, high = CORRUPTIONS[self.kind].bounds
        if not low <= self.amount <= high:
            unit = CORRUPTIONS[self.kind].unit
            fail(f"amount of corruption '{self.kind}'", f"be {low}–{high} ({unit})", self.amount)

    def resolve(self, modalities: Mapping[str, str]) -> Corruption:
        """Return the corruption with the names of the streams that it changes.

        Args:
            modalities: modality of each stream of the dataset.

        Raises:
            InputError: for a stream that is not there or that this kind cannot change.
        """
        kind = CORRUPTIONS[self.kind]
        possible = [name for name, modality in modalities.items() if modality in (kind.modalities or (modality,))]
        for name in self.streams:
            check_choice(f"stream of corruption '{self.kind}'", name, possible or ["none of these streams"])
        return replace(self, streams=tuple(self.streams or possible))

    def offset(self, stream: str) -> float:
        """Return by how many seconds later the stream is read than its times say."""
        return self.amount if self.kind == TIME_OFFSET and stream in self.streams else 0.0

    def dropped(self, present: Collection[str], rng: np.random.Generator) -> frozenset[str]:
        """Return the streams that a sample is read without."""
        if self.kind != ABSENT:
            return frozenset()
        is_hit = rng.random() < self.amount
        return frozenset(name for name in present if is_hit and name in self.streams)

    def __call__(self, stream: str, clip: Any, rng: np.random.Generator) -> Any:
        """Return the clip of a stream, changed if the corruption is of that stream."""
        apply = CORRUPTIONS[self.kind].apply
        return clip if apply is None or stream not in self.streams else apply(clip, self.amount, rng)


def build_corruption(spec: Corruption | Mapping[str, Any] | None, modalities: Mapping[str, str]) -> Corruption | None:
    """Return the corruption that a config describes as ``{"kind", "amount"[, "streams"]}``, None for none."""
    if spec is None:
        return None
    if isinstance(spec, Mapping):
        streams: Sequence[str] = spec.get("streams", ())
        spec = Corruption(spec["kind"], spec["amount"], (streams,) if isinstance(streams, str) else tuple(streams))
    return spec.resolve(modalities)

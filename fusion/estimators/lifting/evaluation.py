"""A lifter against true skeletons that random cameras have seen, beside what it must beat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fusion.estimators.lifting.recordings import Recording, recordings_of_all
from modalities.seeding import derive_rng
from modalities.skeleton import Layout, Poses, get_layout
from modalities.skeleton.lifting import EstimatorNoise, RandomCamera, normalise
from modalities.skeleton.lifting.interfaces import Lifter
from modalities.skeleton.metrics.lift import lift_errors
from modalities.skeleton.metrics.lift_baselines import Baseline, FlatDepth, LinearFrame, MeanPose

CAMERAS = 2
"""Of every recording."""


class CapturedRecording(NamedTuple):
    """A recording as one camera and a 2D estimator saw it.

    Attributes:
        dataset: name of where it is from.
        poses: one person with ``pixels``, in the 3D layout; the joints are not for the lifter to see.
        true: metres about the root in the camera's frame, ``[T, V, 3]``.
        known: bool ``[T, V]``.
    """

    dataset: str
    poses: Poses
    true: np.ndarray
    known: np.ndarray


def evaluate_lifter(
    lifter: Lifter,
    sources: Sequence[str | Path],
    *,
    split: str,
    seed: int = 0,
    track: Callable[[Sequence[CapturedRecording]], Iterable[CapturedRecording]] = iter,
) -> dict[str, Any]:
    """MPJPE and PA-MPJPE of a lifter on held-out people, and of baselines that learned from those who train.

    Every recording of the split is seen by the same cameras whoever is judged, with the mistakes that
    :class:`EstimatorNoise` makes. A joint that the lifter leaves lost counts as being at the root.

    Args:
        lifter: from poses to poses.
        sources: prepared datasets with 3D skeletons.
        split: ``val`` or ``test``.
        seed: of the cameras.
        track: shows progress.

    Returns:
        ``{"sequences": {dataset: {"mpjpe", "pa_mpjpe", "frames"}}, "mean": {…}, "baselines": {name: the same}}``, mm.

    Raises:
        InputError: if a dataset lacks 3D skeletons, or the split has nobody.
    """
    layout = get_layout(lifter.layout)
    learned = list(film(recordings_of_all(sources, split="train", layout=layout.name), layout, seed=seed, cameras=1))
    tested = list(film(recordings_of_all(sources, split=split, layout=layout.name), layout, seed=seed))
    flat, true = _frames(learned)
    baselines: dict[str, Baseline] = {
        "mean_pose": MeanPose(),
        "flat": FlatDepth(root=layout.root),
        "linear": LinearFrame(),
    }
    guesses: dict[str, list[np.ndarray]] = {"lifter": []}
    for filmed in track(tested):
        guesses["lifter"].append(lifter(filmed.poses, RandomCamera().size).keypoints[0])
    for name, baseline in baselines.items():
        baseline.fit(flat, true)
        guesses[name] = [baseline.predict(_frames([filmed])[0]) for filmed in tested]
    documents = {name: _document(tested, found, layout) for name, found in guesses.items()}
    return {**documents.pop("lifter"), "baselines": documents}


def film(
    recordings: Sequence[Recording], layout: Layout, *, seed: int, cameras: int = CAMERAS
) -> Iterable[CapturedRecording]:
    """Every recording as so many cameras see it, drawn from ``seed`` and its name."""
    camera, noise, root = RandomCamera(), EstimatorNoise(), layout.root
    for place, recording in enumerate(recordings):
        for number in range(cameras):
            rng = derive_rng(seed, "evaluate", recording.dataset, recording.id, place, number)
            view = camera(recording.joints, rng)
            pixels, seen = noise(view.pixels, view.inside & recording.seen, layout.joints, rng)
            hidden = np.zeros((1, *view.joints.shape), np.float32)
            poses = Poses(hidden, seen[None].astype(np.float32), layout.name, (seen[..., None] * pixels)[None])
            true = view.joints - view.joints[:, root : root + 1]
            yield CapturedRecording(recording.dataset, poses, true, recording.seen & recording.seen[:, root : root + 1])


def _frames(filmed: Sequence[CapturedRecording]) -> tuple[np.ndarray, np.ndarray]:
    """Each frame on its own, normalised ``[N, V, 3]``, and its true skeleton ``[N, V, 3]``."""
    pixels, seen = (
        np.concatenate([getattr(each.poses, name)[0] for each in filmed])[:, None] for name in ("pixels", "scores")
    )
    return normalise(pixels, seen > 0)[:, 0], np.concatenate([each.true for each in filmed])


def _document(tested: Sequence[CapturedRecording], found: Sequence[np.ndarray], layout: Layout) -> dict[str, Any]:
    sequences: dict[str, dict[str, Any]] = {}
    for dataset in sorted({filmed.dataset for filmed in tested}):
        chosen = [place for place, filmed in enumerate(tested) if filmed.dataset == dataset]
        predicted = np.concatenate([found[place] for place in chosen])
        true, known = (np.concatenate([getattr(tested[place], name) for place in chosen]) for name in ("true", "known"))
        errors = lift_errors(predicted, true, known, root=layout.root)
        sequences[dataset] = {**errors, "frames": len(true)}
    mean = {name: float(np.mean([row[name] for row in sequences.values()])) for name in ("mpjpe", "pa_mpjpe")}
    return {"sequences": sequences, "mean": mean}

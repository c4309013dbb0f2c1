"""Evaluation of lifters on true skeletons captured by random cameras, beside baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from triad.fusion.estimators.lifting.recordings import Recording, load_all_recordings
from triad.modalities.seeding import derive_rng
from triad.modalities.skeleton import Layout, Poses, get_layout
from triad.modalities.skeleton.lifting import EstimatorNoise, Lifter, RandomCamera, normalise_pixels
from triad.modalities.skeleton.metrics import Baseline, FlatDepth, LinearFrame, MeanPose, lift_errors

NUM_CAMERAS = 2
"""Number of cameras that capture every recording."""


class CapturedRecording(NamedTuple):
    """A recording in the image of one camera, with the errors of a 2D estimator.

    Attributes:
        dataset: name of the dataset.
        poses: one person with ``pixels``, in the 3D layout; its keypoints are 0, for the lifter must not read them.
        true: metres about the root in the camera's frame, ``[T, V, 3]``.
        has_truth: True for joints whose true position is known, bool ``[T, V]``.
    """

    dataset: str
    poses: Poses
    true: np.ndarray
    has_truth: np.ndarray


def evaluate_lifter(
    lifter: Lifter,
    sources: Sequence[str | Path],
    *,
    split: str,
    seed: int = 0,
    track: Callable[[Sequence[CapturedRecording]], Iterable[CapturedRecording]] = iter,
) -> dict[str, Any]:
    """Return MPJPE and PA-MPJPE of a lifter on held-out people, and of baselines that learned from the training split.

    Every recording of the split is captured by the same cameras for every lifter, with the errors of
    :class:`EstimatorNoise`. A joint that the lifter leaves missing counts as being at the root.

    Args:
        lifter: lifter to evaluate.
        sources: folders of prepared datasets with 3D skeletons.
        split: ``val`` or ``test``.
        seed: seed of the cameras and the noise.
        track: wrapper of the recordings that shows the progress.

    Returns:
        ``{"sequences": {dataset: {"mpjpe", "pa_mpjpe", "frames"}}, "mean": {…}, "baselines": {name: the same}}``, mm.

    Raises:
        InputError: If a dataset lacks 3D skeletons, or the split has nobody.
    """
    layout = get_layout(lifter.layout)
    training = load_all_recordings(sources, split="train", layout=layout.name)
    held_out = load_all_recordings(sources, split=split, layout=layout.name)
    learned = list(capture_recordings(training, layout, seed=seed, num_cameras=1))
    tested = list(capture_recordings(held_out, layout, seed=seed))
    joints, true = _single_frames(learned)
    baselines: dict[str, Baseline] = {
        "mean_pose": MeanPose(),
        "flat": FlatDepth(root=layout.root),
        "linear": LinearFrame(),
    }
    predictions: dict[str, list[np.ndarray]] = {"lifter": []}
    for captured in track(tested):
        predictions["lifter"].append(lifter(captured.poses, RandomCamera().size).keypoints[0])
    for name, baseline in baselines.items():
        baseline.fit(joints, true)
        predictions[name] = [baseline.predict(_single_frames([captured])[0]) for captured in tested]
    documents = {name: _document(tested, predicted, layout) for name, predicted in predictions.items()}
    return {**documents.pop("lifter"), "baselines": documents}


def capture_recordings(
    recordings: Sequence[Recording], layout: Layout, *, seed: int, num_cameras: int = NUM_CAMERAS
) -> Iterator[CapturedRecording]:
    """Yield every recording as each of its cameras captures it.

    Args:
        recordings: recordings to capture.
        layout: layout of their joints.
        seed: seed of cameras and noise, beside the recording's name and the camera's number.
        num_cameras: number of cameras of a recording.
    """
    camera = RandomCamera()
    noise = EstimatorNoise()
    root = slice(layout.root, layout.root + 1)
    for position, recording in enumerate(recordings):
        for number in range(num_cameras):
            rng = derive_rng(seed, "evaluate", recording.dataset, recording.id, position, number)
            projection = camera(recording.joints, rng)
            visible = projection.in_frame & recording.visible
            pixels, visible = noise(projection.pixels, visible, layout.joints, rng)
            hidden = np.zeros((1, *projection.joints.shape), np.float32)
            image = (visible[..., None] * pixels)[None]
            poses = Poses(hidden, visible[None].astype(np.float32), layout.name, image)
            true = projection.joints - projection.joints[:, root]
            has_truth = recording.visible & recording.visible[:, root]
            yield CapturedRecording(recording.dataset, poses, true, has_truth)


def _single_frames(recordings: Sequence[CapturedRecording]) -> tuple[np.ndarray, np.ndarray]:
    """Return each frame alone, normalised ``[N, V, 3]``, and its true skeleton ``[N, V, 3]``."""
    pixels, scores = (
        np.concatenate([getattr(captured.poses, name)[0] for captured in recordings])[:, None]
        for name in ("pixels", "scores")
    )
    true = np.concatenate([captured.true for captured in recordings])
    return normalise_pixels(pixels, scores > 0)[:, 0], true


def _document(tested: Sequence[CapturedRecording], predictions: Sequence[np.ndarray], layout: Layout) -> dict[str, Any]:
    sequences: dict[str, dict[str, Any]] = {}
    for dataset in sorted({captured.dataset for captured in tested}):
        indices = [index for index, captured in enumerate(tested) if captured.dataset == dataset]
        predicted = np.concatenate([predictions[index] for index in indices])
        true = np.concatenate([tested[index].true for index in indices])
        has_truth = np.concatenate([tested[index].has_truth for index in indices])
        errors = lift_errors(predicted, true, has_truth, root=layout.root)
        sequences[dataset] = {**errors, "frames": len(true)}
    mean = {name: float(np.mean([row[name] for row in sequences.values()])) for name in ("mpjpe", "pa_mpjpe")}
    return {"sequences": sequences, "mean": mean}

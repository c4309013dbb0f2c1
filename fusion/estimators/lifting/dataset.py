"""Dataset of windows of 2D joints with the 3D skeleton of their middle frame, made by random cameras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from triad.fusion.data import SharedEpoch
from triad.fusion.estimators.lifting.recordings import Recording, load_all_recordings
from triad.modalities.checks import fail
from triad.modalities.registry import DATASETS, FUNCTIONS
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.lifting import EstimatorNoise, RandomCamera, normalise_pixels, window_indices


class LiftingWindows(NamedTuple):
    """Windows of one recording in the image of one camera.

    Attributes:
        dataset: name of the recording's dataset.
        data: input of a lifter, float32 ``[K, T, J, 3]``.
        target: metres about the root in the camera's frame, float32 ``[K, V, 3]``.
        visible: True for joints with a known target, bool ``[K, V]``.
    """

    dataset: str
    data: np.ndarray
    target: np.ndarray
    visible: np.ndarray


@dataclass(frozen=True, kw_only=True)
class VirtualCapture:
    """Captures recordings with a random camera and a simulated 2D estimator.

    Args:
        layout: name of the 3D layout.
        input_joints: names of its joints that a 2D estimator finds.
        num_frames: length of a window in frames.
        num_windows: number of windows of a recording; of a shorter one some are repeated.
        camera: camera that projects the joints.
        noise: errors of the 2D estimator.
    """

    layout: str
    input_joints: tuple[str, ...]
    num_frames: int
    num_windows: int
    camera: RandomCamera = field(default_factory=RandomCamera)
    noise: EstimatorNoise = field(default_factory=EstimatorNoise)

    def __call__(self, recording: Recording, rng: np.random.Generator) -> LiftingWindows:
        """Capture a recording with a camera, noise and windows drawn from ``rng``."""
        layout = get_layout(self.layout)
        joints = [layout.index(joint) for joint in self.input_joints]
        projection = self.camera(recording.joints, rng)
        visible = (projection.in_frame & recording.visible)[:, joints]
        pixels, visible = self.noise(projection.pixels[:, joints], visible, self.input_joints, rng)
        num_times = len(pixels)
        times = np.sort(rng.choice(num_times, self.num_windows, replace=num_times < self.num_windows))
        indices = window_indices(num_times, frames=self.num_frames)[times]  # [K, T]
        data = normalise_pixels(pixels[indices], visible[indices])
        root = slice(layout.root, layout.root + 1)
        target = projection.joints[times] - projection.joints[times, root]
        has_target = recording.visible[times] & recording.visible[times, root]
        return LiftingWindows(recording.dataset, data, target, has_target)


@DATASETS.register_module()
class LiftingDataset(Dataset):
    """Recordings of one split, captured anew in every epoch of training, and always in the same way otherwise.

    Randomness comes from ``(seed, epoch, recording)``, so that every worker draws the same at any time.

    Args:
        sources: folders of prepared datasets.
        split: ``train``, ``val`` or ``test``; see :mod:`triad.fusion.estimators.lifting.recordings`.
        layout: name of the 3D layout of the targets.
        input_joints: names of its joints that a 2D estimator finds.
        num_frames: length of a window in frames.
        num_windows: number of windows of a recording.
        camera: options of :class:`RandomCamera`.
        noise: options of :class:`EstimatorNoise`.
        seed: seed of all randomness.

    Raises:
        InputError: If a dataset has no 3D skeletons, or a split is empty.
    """

    def __init__(
        self,
        *,
        sources: Sequence[str],
        split: str,
        layout: str,
        input_joints: Sequence[str],
        num_frames: int = 27,
        num_windows: int = 8,
        camera: Mapping[str, Any] | None = None,
        noise: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> None:
        if isinstance(sources, str):
            fail("LiftingDataset.sources", "be a list of folders", f"'{sources}'")
        self.recordings = load_all_recordings(sources, split=split, layout=layout)
        self.capture = VirtualCapture(
            layout=layout,
            input_joints=tuple(input_joints),
            num_frames=num_frames,
            num_windows=num_windows,
            camera=RandomCamera(**_with_tuples(camera)),
            noise=EstimatorNoise(**_with_tuples(noise)),
        )
        self.split = split
        self._epoch = SharedEpoch(seed)

    @property
    def metainfo(self) -> dict[str, Any]:
        return {"layout": self.capture.layout}

    def set_epoch(self, epoch: int, seed: int | None = None) -> None:
        """Draw other cameras and noise for training from now on; called by the training hook."""
        self._epoch.set(epoch if self.split == "train" else 0, seed)

    def __len__(self) -> int:
        return len(self.recordings)

    def __getitem__(self, position: int) -> LiftingWindows:
        recording = self.recordings[position]
        return self.capture(recording, self._epoch.rng(recording.dataset, recording.id, position))


@FUNCTIONS.register_module()
def collate_windows(samples: Sequence[LiftingWindows]) -> dict[str, Tensor | list[str]]:
    """Return a batch of recordings.

    Shapes: ``data`` ``[B, K, T, J, 3]``, ``target`` ``[B, K, V, 3]``, ``visible`` ``[B, K, V]``; ``dataset``, ``B``
    names.
    """
    batch: dict[str, Tensor | list[str]] = {
        name: torch.from_numpy(np.stack([getattr(sample, name) for sample in samples]))
        for name in ("data", "target", "visible")
    }
    batch["dataset"] = [sample.dataset for sample in samples]
    return batch


def _with_tuples(options: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return options of a config with tuples for lists."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in (options or {}).items()}

"""Windows of 2D joints with the 3D skeleton of their middle frame, made from 3D recordings and random cameras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from fusion.data import SharedEpoch
from fusion.estimators.lifting.recordings import Recording, recordings_of_all
from modalities.checks import fail
from modalities.registry import DATASETS, FUNCTIONS
from modalities.skeleton import get_layout
from modalities.skeleton.lifting import EstimatorNoise, RandomCamera, normalise, window_index


class Windows(NamedTuple):
    """Some frames of a recording as one camera saw it.

    Attributes:
        dataset: name of where it is from.
        data: what a lifter reads, float32 ``[K, T, J, 3]``.
        target: metres about the root in the camera's frame, float32 ``[K, V, 3]``.
        seen: of the target, bool ``[K, V]``.
    """

    dataset: str
    data: np.ndarray
    target: np.ndarray
    seen: np.ndarray


@dataclass(frozen=True, kw_only=True)
class VirtualCapture:
    """How recordings become windows.

    Args:
        layout: name of the 3D layout.
        reads: joints of it that a 2D estimator gives.
        frames: of a window.
        windows: frames of a recording that are asked for at once; of a shorter one some twice.
        camera: where it is seen from.
        noise: what a 2D estimator does to it.
    """

    layout: str
    reads: tuple[str, ...]
    frames: int
    windows: int
    camera: RandomCamera = field(default_factory=RandomCamera)
    noise: EstimatorNoise = field(default_factory=EstimatorNoise)

    def __call__(self, recording: Recording, rng: np.random.Generator) -> Windows:
        """Film a recording with everything drawn from ``rng``."""
        layout = get_layout(self.layout)
        joints = [layout.index(joint) for joint in self.reads]
        view = self.camera(recording.joints, rng)
        visible = (view.inside & recording.seen)[:, joints]
        pixels, seen = self.noise(view.pixels[:, joints], visible, self.reads, rng)
        places = np.sort(rng.choice(len(pixels), self.windows, replace=len(pixels) < self.windows))
        around = window_index(len(pixels), frames=self.frames)[places]  # [K, T]
        data = normalise(pixels[around], seen[around])
        root = view.joints[places, layout.root : layout.root + 1]
        known = recording.seen[places] & recording.seen[places, layout.root : layout.root + 1]
        return Windows(recording.dataset, data, view.joints[places] - root, known)


@DATASETS.register_module()
class LiftingDataset(Dataset):
    """Recordings of one split, filmed anew in every epoch (training) or once and for all.

    Randomness comes from ``(seed, epoch, recording)``, so that any worker at any time draws the same.

    Args:
        sources: folders of prepared datasets.
        split: ``train``, ``val`` or ``test``; see :mod:`fusion.estimators.lifting.recordings`.
        layout: name of the 3D layout of what comes out.
        reads: joints of it that a 2D estimator gives.
        frames: of a window.
        windows: of a recording.
        camera: config of :class:`RandomCamera`.
        noise: config of :class:`EstimatorNoise`.
        seed: of all randomness.

    Raises:
        InputError: if a dataset has no 3D skeletons, or a split is empty.
    """

    def __init__(
        self,
        *,
        sources: Sequence[str],
        split: str,
        layout: str,
        reads: Sequence[str],
        frames: int = 27,
        windows: int = 8,
        camera: Mapping[str, Any] | None = None,
        noise: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> None:
        if isinstance(sources, str):
            fail("LiftingDataset.sources", "be a list of folders", f"'{sources}'")
        self.recordings = recordings_of_all(sources, split=split, layout=layout)
        self.filming = VirtualCapture(
            layout=layout,
            reads=tuple(reads),
            frames=frames,
            windows=windows,
            camera=RandomCamera(**_options(camera)),
            noise=EstimatorNoise(**_options(noise)),
        )
        self.split = split
        self._epoch = SharedEpoch(seed)

    @property
    def metainfo(self) -> dict[str, Any]:
        return {"layout": self.filming.layout}

    def set_epoch(self, epoch: int, seed: int | None = None) -> None:
        """Draw other cameras and noise for training from now on; called by the training hook."""
        self._epoch.set(epoch if self.split == "train" else 0, seed)

    def __len__(self) -> int:
        return len(self.recordings)

    def __getitem__(self, position: int) -> Windows:
        recording = self.recordings[position]
        rng = self._epoch.rng(recording.dataset, recording.id, position)
        return self.filming(recording, rng)


@FUNCTIONS.register_module()
def collate_windows(samples: Sequence[Windows]) -> dict[str, Tensor | list[str]]:
    """``data`` ``[B, K, T, J, 3]``, ``target`` ``[B, K, V, 3]``, ``seen`` ``[B, K, V]``; ``dataset``, ``B`` names."""
    batch: dict[str, Tensor | list[str]] = {
        name: torch.from_numpy(np.stack([getattr(sample, name) for sample in samples]))
        for name in ("data", "target", "seen")
    }
    batch["dataset"] = [sample.dataset for sample in samples]
    return batch


def _options(config: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in (config or {}).items()}

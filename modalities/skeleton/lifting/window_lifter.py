"""A lifter that this project trained, window by window over a whole recording."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from modalities.skeleton.lifting.interfaces import Tracks
from modalities.skeleton.lifting.temporal_lifter import TemporalLifter
from modalities.skeleton.lifting.windows import normalise, window_index
from modalities.skeleton.poses import Poses

AT_ONCE = 1024  # windows


class WindowLifter:
    """Gives every frame the window around it, see :class:`modalities.skeleton.lifting.interfaces.Lifter`.

    Frames are repeated at the edges, and where a clip is shorter than a window. Lost joints are completed, as the
    network has learned to. The size of the image does not matter.

    Args:
        network: trained; is put into evaluation.
        provenance: of its weights.
    """

    def __init__(self, network: TemporalLifter, *, provenance: dict[str, Any]) -> None:
        network.eval()
        self.network, self._provenance = network, provenance
        self.layout = network.layout.name

    @property
    def provenance(self) -> dict[str, Any]:
        return {
            "lifter": type(self.network).__name__,
            "layout": self.layout,
            "reads": list(self.network.reads),
            "frames": self.network.frames,
            **self._provenance,
        }

    def __call__(self, poses: Poses, size_hw: tuple[int, int]) -> Poses:
        layout = self.network.layout
        tracks = Tracks(poses, layout)
        joints = np.zeros((*tracks.scores.shape, 3), np.float32)
        read = [layout.index(joint) for joint in self.network.reads]
        around = window_index(poses.num, frames=self.network.frames)  # [T, frames]
        for person in tracks.present:
            pixels, seen = tracks.pixels[person][:, read], tracks.scores[person][:, read] > 0
            for start in range(0, poses.num, AT_ONCE):
                window = around[start : start + AT_ONCE]
                data = normalise(pixels[window], seen[window])  # [B, frames, J, 3]
                joints[person, start : start + AT_ONCE] = self._lift(data)
        return tracks.lifted(joints, complete=True)

    @torch.no_grad()
    def _lift(self, data: np.ndarray) -> np.ndarray:
        device = next(self.network.parameters()).device
        return np.asarray(self.network(torch.from_numpy(data).to(device)).cpu().numpy())

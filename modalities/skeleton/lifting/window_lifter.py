"""Lifter that runs a trained network over a recording, window by window."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from triad.modalities.skeleton.lifting.pixel_tracks import PixelTracks
from triad.modalities.skeleton.lifting.temporal_lifter import TemporalLifter
from triad.modalities.skeleton.lifting.windowing import normalise_pixels, window_indices
from triad.modalities.skeleton.poses import Poses

BATCH_SIZE = 1024  # windows


class WindowLifter:
    """Lifts every frame with the window around it, see :class:`triad.modalities.skeleton.lifting.interfaces.Lifter`.

    The first and last frames are repeated at the edges. Missing joints are completed, as the network has learned. The
    size of the image does not matter.

    Args:
        network: trained network; it is set to evaluation mode.
        provenance: description of its weights.
    """

    def __init__(self, network: TemporalLifter, *, provenance: dict[str, Any]) -> None:
        network.eval()
        self.network = network
        self.layout = network.layout.name
        self._provenance = provenance

    @property
    def provenance(self) -> dict[str, Any]:
        return {
            "lifter": type(self.network).__name__,
            "layout": self.layout,
            "reads": list(self.network.input_joints),
            "frames": self.network.num_frames,
            **self._provenance,
        }

    def __call__(self, poses: Poses, size_hw: tuple[int, int]) -> Poses:
        layout = self.network.layout
        tracks = PixelTracks(poses, layout)
        joints = np.zeros((*tracks.scores.shape, 3), np.float32)
        input_joints = [layout.index(joint) for joint in self.network.input_joints]
        indices = window_indices(poses.num, frames=self.network.num_frames)  # [T, frames]
        for person in tracks.present:
            pixels = tracks.pixels[person][:, input_joints]
            visible = tracks.scores[person][:, input_joints] > 0
            for start in range(0, poses.num, BATCH_SIZE):
                batch = indices[start : start + BATCH_SIZE]
                windows = normalise_pixels(pixels[batch], visible[batch])  # [B, frames, J, 3]
                joints[person, start : start + BATCH_SIZE] = self._lift(windows)
        return tracks.to_poses(joints, complete=True)

    @torch.no_grad()
    def _lift(self, windows: np.ndarray) -> np.ndarray:
        device = next(self.network.parameters()).device
        return np.asarray(self.network(torch.from_numpy(windows).to(device)).cpu().numpy())

"""Collection of the overlays of each frame from the sources that prediction reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from triad.fusion.annotated_video.attention_inset import input_boxes
from triad.fusion.annotated_video.flow_inset import FlowInset
from triad.fusion.annotated_video.overlays import FrameOverlay
from triad.fusion.annotated_video.person_overlay import PersonOverlay
from triad.fusion.inference import Model
from triad.modalities.clips import Source
from triad.modalities.flow.live import FlowSource
from triad.modalities.live import StreamSource
from triad.modalities.skeleton import Layout, get_layout
from triad.modalities.skeleton.pose_estimation import TrackedPoses
from triad.modalities.skeleton.pose_sources import PoseFileSource, PoseSource


class OverlayCollector:
    """Receives flow and poses as prediction estimates them and keeps those of the latest frame.

    Args:
        stream_sources: sources of the video by name; their callbacks are set.
        clocks: clock of each source; None where the video lacks it.
        models: models of the prediction.
        size_hw: height and width of the video, pixels.
        picture_hw: height and width of the displayed picture, pixels.
    """

    def __init__(
        self,
        stream_sources: Mapping[str, StreamSource],
        clocks: Mapping[str, Source | None],
        models: Sequence[Model],
        *,
        size_hw: tuple[int, int],
        picture_hw: tuple[int, int],
    ) -> None:
        self.scale = np.array([picture_hw[1] / size_hw[1], picture_hw[0] / size_hw[0]], np.float32)
        self.input_boxes = input_boxes(models, size_hw)
        self._flow_inset = FlowInset()
        self._poses_by_frame: dict[int, TrackedPoses] = {}
        self._estimated_layout: Layout | None = None
        self._pose_files: list[tuple[PoseFileSource, Source]] = []
        for name, source in stream_sources.items():
            if isinstance(source, FlowSource):
                source.on_field = self._receive_flow
            elif isinstance(source, PoseSource):
                source.on_poses = self._receive_poses
                self._estimated_layout = get_layout(source.estimator.layout)
            elif isinstance(source, PoseFileSource) and (clock := clocks[name]) is not None:
                self._pose_files.append((source, clock))

    def collect(self, number: int, time: float) -> FrameOverlay:
        """Return the overlay of a frame that prediction has just processed.

        Args:
            number: number of the frame.
            time: time of the frame, seconds.
        """
        people = [*self._estimated_people(number), *self._measured_people(time)]
        return FrameOverlay(tuple(people), self._flow_inset.picture, self.input_boxes)

    def _receive_flow(self, number: int, field: np.ndarray) -> None:
        self._flow_inset.update(field)

    def _receive_poses(self, number: int, poses: TrackedPoses) -> None:
        self._poses_by_frame = {number: poses}

    def _estimated_people(self, number: int) -> list[PersonOverlay]:
        poses = self._poses_by_frame.get(number)
        if poses is None or self._estimated_layout is None:
            return []
        people = poses.poses
        return [
            PersonOverlay(people.keypoints[person] * self.scale, people.scores[person], self._estimated_layout)
            for person in range(len(people))
        ]

    def _measured_people(self, time: float) -> list[PersonOverlay]:
        people: list[PersonOverlay] = []
        for source, clock in self._pose_files:
            keypoints: Any = source.arrays["keypoints"] if source.layout.dims == 2 else source.arrays.get("pixels")
            if keypoints is None:
                continue
            index = int(clock.locate(np.array([time]))[0])
            for person in range(len(keypoints)):
                pixels = keypoints[person, index]
                is_finite = np.isfinite(pixels).all(-1)
                scores = np.where(is_finite, source.arrays["scores"][person, index], 0)
                if scores.any():
                    people.append(PersonOverlay(np.nan_to_num(pixels) * self.scale, scores, source.layout))
        return people

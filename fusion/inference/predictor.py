"""Trained models as one object of a program: recordings, frames and cameras in, predictions out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import RLock

import numpy as np

from triad.fusion.inference.ensemble import ModelEnsemble, WindowPrediction
from triad.fusion.inference.frame_stream import FrameStream
from triad.fusion.inference.live_predictor import LivePredictor
from triad.fusion.inference.live_video import LiveVideo
from triad.fusion.inference.open_ensemble import open_ensemble
from triad.fusion.inference.open_recording import open_recording, open_skeleton
from triad.fusion.inference.recordings import FrameArray, Recording, check_frame
from triad.fusion.inference.sliding_window import choose_sliding_window
from triad.fusion.inference.video_prediction import VideoPrediction
from triad.fusion.inference.video_predictor import VideoPredictor
from triad.modalities.checks import fail
from triad.modalities.device import best_device
from triad.modalities.live import ExternalInputs
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers import SkeletonRecording
from triad.modalities.video import DEFAULT_PICTURE_FPS

RecordingLike = str | Path | np.ndarray | Poses


class Predictor:
    """Trained models that label recordings, frames as they come, and cameras.

    Calls from several threads are safe: each waits for the one before it.

    Args:
        ensemble: models that predict.
        inputs: estimators and files beside the frames; None for none.
        window: length of a window in seconds; None for that of the training clips.
        stride: seconds from one window to the next; None for half a window.
        fps: frames per second of arrays, poses, pictures and pushed frames; None assumes 30, and notes it.

    Attributes:
        classes: names of the classes, in the order of the probabilities.
        streams: streams that the models read.
        notes: remarks about the pushed frames, such as streams that are absent.
    """

    def __init__(
        self,
        ensemble: ModelEnsemble,
        inputs: ExternalInputs | None = None,
        *,
        window: float | None = None,
        stride: float | None = None,
        fps: float | None = None,
    ) -> None:
        self.classes = ensemble.classes
        self.streams = ensemble.streams
        self.fps = fps
        self.notes: list[str] = []
        self._ensemble = ensemble
        self._inputs = inputs or ExternalInputs()
        self._sliding_window = choose_sliding_window(ensemble.models, window=window, stride=stride)
        self._lock = RLock()
        self._stream: FrameStream | None = None

    def predict(
        self, recording: RecordingLike, *, fps: float | None = None, size: tuple[int, int] | None = None
    ) -> VideoPrediction:
        """Return the windows of a whole recording with their predictions.

        Args:
            recording: path of a video, of a folder of numbered pictures or of a skeleton recording of a known format;
                RGB frames, uint8 ``[T, H, W, 3]``; or :class:`triad.modalities.skeleton.Poses`.
            fps: frames per second of arrays, poses and pictures; None for ``fps`` of this object.
            size: height and width in pixels of the frames that 2D poses refer to.

        Raises:
            InputError: If the recording cannot be read, or the models read nothing that it has.
        """
        with self._lock:
            opened, inputs = self._open(recording, fps, size)
            predictor = VideoPredictor(opened, self._ensemble, self._sliding_window, inputs)
            if isinstance(recording, np.ndarray | Poses):
                predictor.prediction.notes += self._notes_on_fps(fps)
            for _ in predictor.run():
                pass
            return predictor.prediction

    def predict_all(
        self, recordings: Iterable[RecordingLike], *, fps: float | None = None
    ) -> Iterator[VideoPrediction]:
        """Yield the prediction of each recording, see :meth:`predict`."""
        for recording in recordings:
            yield self.predict(recording, fps=fps)

    def push(self, frame: np.ndarray, time: float | None = None) -> WindowPrediction | None:
        """Take the next frame of the one stream of this object, see :meth:`FrameStream.push`."""
        with self._lock:
            if self._stream is None:
                self._stream = self.open_stream(check_frame(frame))
                self.notes = [*self._stream.notes, *self._notes_on_fps(None)]
            return self._stream.push(frame, time)

    def reset(self) -> None:
        """Forget the frames that were pushed; the next one is the first of another recording."""
        with self._lock:
            self._stream = None

    def open_stream(self, size_hw: tuple[int, int], *, fps: float | None = None) -> FrameStream:
        """Return another stream of frames of this model, as for a second camera.

        Args:
            size_hw: height and width of its frames, pixels.
            fps: frames per second; None for ``fps`` of this object.
        """
        return FrameStream(
            self._ensemble,
            self._sliding_window,
            fps=self._rate(fps),
            size_hw=size_hw,
            external_inputs=self._inputs,
            lock=self._lock,
        )

    def watch(self, video: str | int) -> Iterator[WindowPrediction]:
        """Yield the newest prediction of a camera or network stream again and again, until it ends.

        Frames and windows are left out where the models are slower than the video.

        Args:
            video: number of a camera, address (``rtsp://…``), or path of a file, which is played in real time.

        Raises:
            InputError: If the video cannot be opened, or the models read nothing that it has.
        """
        predictor = LivePredictor(LiveVideo(video), self._ensemble, self._sliding_window, self._inputs, lock=self._lock)
        for window in predictor.run():
            predictor.prediction.windows.clear()  # an endless video must not fill the memory
            yield window

    def _rate(self, fps: float | None) -> float:
        return next((rate for rate in (fps, self.fps) if rate is not None), DEFAULT_PICTURE_FPS)

    def _notes_on_fps(self, fps: float | None) -> list[str]:
        is_known = fps is not None or self.fps is not None
        return [] if is_known else [f"{DEFAULT_PICTURE_FPS:g} frames per second are assumed; give fps"]

    def _open(
        self, recording: RecordingLike, fps: float | None, size: tuple[int, int] | None
    ) -> tuple[Recording, ExternalInputs]:
        if not isinstance(recording, RecordingLike):
            cure = "a list of frames: numpy.stack(frames); a camera: watch(0)"
            fail("recording", "be a path, an array of frames or Poses", type(recording).__name__, cure)
        if isinstance(recording, np.ndarray):
            return FrameArray(recording, fps=self._rate(fps)), self._inputs
        inputs = replace(self._inputs, skeleton_fps=self._inputs.skeleton_fps if fps is None else fps)
        if isinstance(recording, Poses):
            poses = SkeletonRecording(recording, size, self._rate(fps))
            return open_skeleton(poses, self._ensemble.models, inputs)
        return open_recording(Path(recording), self._ensemble.models, inputs, fps=self.fps if fps is None else fps)


def load(
    *checkpoints: str | Path,
    inputs: ExternalInputs | None = None,
    last: bool = False,
    weights: Mapping[str, float] | Sequence[float | str] = (),
    method: str = "mean",
    fusion: str | Path | None = None,
    window: float | None = None,
    stride: float | None = None,
    fps: float | None = None,
    device: str | None = None,
    half: bool = False,
) -> Predictor:
    """Load trained models; the scores of several are fused.

    Args:
        checkpoints: paths of work folders, checkpoint files, or exported ``.onnx`` files.
        inputs: estimators and files beside the frames, such as a pose estimator; None for none.
        last: whether to take the last checkpoint of a work folder, not the one that validation chose.
        weights: one number a model, or ``{stream: number}``; empty for equal weights.
        method: fusion of several models, ``mean`` or ``product``.
        fusion: path of a fusion that ``triad fuse --save`` fitted, instead of weights.
        window: length of a window in seconds; None for that of the training clips.
        stride: seconds from one window to the next; None for half a window.
        fps: frames per second of arrays, poses, pictures and pushed frames; None assumes 30, and notes it.
        device: ``cpu``, ``cuda``, ``cuda:1``; None for a GPU if there is one.
        half: whether the networks compute in half precision.

    Raises:
        InputError: If a file is missing, or the models do not fit each other.
    """
    if not checkpoints:
        fail("models to load", "be at least one", "none", "name a work folder or a checkpoint")
    if isinstance(weights, Mapping):
        weights = [f"{stream}={weight}" for stream, weight in weights.items()]
    ensemble = open_ensemble(
        checkpoints,
        last=last,
        weights=[str(weight) for weight in weights],
        method=method,
        fusion=fusion,
        device=device or best_device(),
        half=half,
    )
    return Predictor(ensemble, inputs, window=window, stride=stride, fps=fps)

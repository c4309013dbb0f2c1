"""Objects of a video that is predicted: detected in its frames, or read from the user's file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.clips import Source, Span
from triad.modalities.live import NO_FRAMES, ExternalInputs, FileSource, LiveStream, StreamSampling
from triad.modalities.objects.clip import ObjectClip
from triad.modalities.objects.detector import ObjectDetector
from triad.modalities.objects.object_file import MAX_OBJECTS, StoredObjects, pad_objects, read_objects
from triad.modalities.objects.reader import ObjectReader
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import Frame

CURE = "give --object-detector FILE.onnx to detect them, or --file {stream}=FILE.npz"


class ObjectSource:
    """Objects that a detector finds in the frames of a video, see :class:`triad.modalities.live.StreamSource`.

    Args:
        detector: detector of objects.
        watch: stopwatch that measures the detection.
    """

    def __init__(self, detector: ObjectDetector, watch: Stopwatch) -> None:
        self.detector = detector
        self.watch = watch
        self._objects: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        self._size_hw = (1, 1)

    def frame_range(self, sampling: StreamSampling, span: Span) -> tuple[int, int] | None:
        """Return the first and the last frame on display in the window."""
        return int(sampling.indices.min()), int(sampling.indices.max())

    def request(self, reader: ObjectReader, sampling: StreamSampling) -> None:
        """Do nothing: the objects of all frames are kept until no window needs them."""

    def add(self, previous: Frame | None, frame: Frame) -> None:
        """Detect the objects of a frame; a missing frame shows those of the frame before it."""
        first = frame.number if previous is None else previous.number + 1
        self._size_hw = (frame.rgb.shape[0], frame.rgb.shape[1])
        with self.watch("objects"):
            detected = self.detector(frame.rgb[None])[0]
        for number in range(first, frame.number):
            self._objects[number] = self._objects.get(first - 1, detected)
        self._objects[frame.number] = detected

    def clip(self, reader: ObjectReader, sampling: StreamSampling, span: Span) -> ObjectClip:
        """Return the window's objects on the reader's canvas; the newest ones stay where the video ended early."""
        if not self._objects or sampling.source is None:
            return reader.blank(sampling.times)
        newest = max(self._objects)
        numbers = [number if number in self._objects else newest for number in sampling.indices.tolist()]
        frames = [self._objects[number] for number in numbers]
        arrays = pad_objects(frames, MAX_OBJECTS)  # no more than a stored stream holds
        objects = StoredObjects(*arrays, self.detector.classes, self._size_hw, {})
        valid = sampling.valid & (sampling.times < sampling.source.end)
        return reader.make_clip(objects, np.arange(len(frames)), sampling.times, valid)

    def discard_before(self, number: int) -> None:
        """Drop the objects of earlier frames, but for the last of them, which may stay on display."""
        for earlier in [key for key in self._objects if key < number - 1]:
            del self._objects[earlier]


def open_objects(
    reader: ObjectReader, stream: str, clock: Source, external: ExternalInputs, watch: Stopwatch
) -> LiveStream:
    """Return the objects of the user's file or detector; see :class:`triad.modalities.live.LiveInput`.

    Raises:
        InputError: If the file is damaged or does not hold one entry a frame.
    """
    if stream in external.files:
        path = external.files[stream]
        num = len(read_objects(path).boxes)
        if num != clock.num:
            fail(f"objects '{path}'", f"hold {clock.num} entries as the video has frames", num)
        return LiveStream(replace(clock, path=path), FileSource())
    if not external.has_frames:
        return LiveStream(None, None, f"{NO_FRAMES}; give VIDEO, or --file {stream}=FILE")
    if external.objects is None:
        return LiveStream(None, None, f"no detector of objects; {CURE.format(stream=stream)}")
    return LiveStream(clock, ObjectSource(external.objects, watch))

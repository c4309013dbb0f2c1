"""Recording of a prediction as an annotated video."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from triad.fusion.annotated_video.frame_layout import picture_size
from triad.fusion.annotated_video.overlay_collector import OverlayCollector
from triad.fusion.annotated_video.writer import AnnotatedVideoWriter
from triad.fusion.inference import LivePredictor, VideoPredictor
from triad.modalities.partial_files import remove_partial_files

VIDEO_NAME = "annotated.mp4"


@contextmanager
def record_annotated_video(predictor: VideoPredictor | LivePredictor, path: Path) -> Iterator[AnnotatedVideoWriter]:
    """Open the annotated video of a prediction; the file appears only if the block ends without an error.

    Args:
        predictor: predictor that is about to run.
        path: path of the video to write.
    """
    remove_partial_files(path.parent, {path.stem})  # of a run that was killed
    prediction = predictor.prediction
    size_hw = prediction.clock.size_hw or (0, 0)
    overlays = OverlayCollector(
        predictor.opened.stream_sources,
        predictor.opened.clocks,
        predictor.opened.models,
        size_hw=size_hw,
        picture_hw=picture_size(size_hw),
    )
    spans = predictor.spans if isinstance(predictor, VideoPredictor) else None
    writer = AnnotatedVideoWriter(
        path,
        clock=prediction.clock,
        fps=prediction.fps,
        window_starts=None if spans is None else [span.start for span in spans],
        stride=prediction.sliding_window.stride,
        duration=None if spans is None else spans[-1].end,
        overlays=overlays,
        stopwatch=prediction.stopwatch,
    )
    try:
        yield writer
    except BaseException:
        writer.abort()
        raise
    writer.close()

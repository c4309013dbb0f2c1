"""Prediction of the recordings of a run of predict, one after the other, with models that are loaded once."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from triad.tools import cli

if TYPE_CHECKING:
    from triad.fusion.inference.ensemble import ModelEnsemble, WindowPrediction
    from triad.fusion.inference.live_predictor import LivePredictor
    from triad.fusion.inference.timeline_rules import Alert, Rule
    from triad.fusion.inference.video_prediction import PredictionSink, VideoPrediction
    from triad.fusion.inference.video_predictor import VideoPredictor
    from triad.modalities.live import ExternalInputs


class Settings(NamedTuple):
    """What all recordings of a run share; ``writes`` is False where the lines of a live video are all its results."""

    ensemble: ModelEnsemble
    inputs: ExternalInputs
    fps: float | None
    window: float | None
    stride: float | None
    live_interval: float | None
    draws: bool
    as_json: bool
    writes: bool = True
    rules: Sequence[Rule] | None = None


def name_folders(recordings: Sequence[str], out: Path | None) -> list[Path]:
    """Return a folder of results for each recording; recordings of one name are numbered."""
    root = out or Path("work_dirs/predict")
    paths = [Path(recording) for recording in recordings]
    names = [(path.resolve().name if path.is_dir() else path.stem) or "live" for path in paths]
    if len(recordings) == 1:
        return [out or root / names[0]]
    folders: list[Path] = []
    for name in names:
        used = {folder.name for folder in folders} | set(names)
        unique = name
        if root / name in folders:
            unique = next(text for number in count(2) if (text := f"{name}_{number}") not in used)
        folders.append(root / unique)
    return folders


def predict_all(recordings: Sequence[str], folders: Sequence[Path], settings: Settings) -> int:
    """Predict several recordings; a line says what failed. Return 1 if one did, else 0."""
    from triad.fusion.inference.outputs import build_document

    documents: list[dict[str, Any]] = []
    failed = 0
    for recording, folder in zip(recordings, folders, strict=True):
        try:
            prediction = predict_recording(recording, folder, settings)
        except Exception as error:
            line = cli.explain(error)
            if line is None:
                raise
            failed += 1
            cli.echo(f"error: '{recording}': {line}", err=True)
            documents.append({"video": {"path": recording}, "error": line})
            continue
        documents.append(build_document(prediction))
        if not settings.as_json:
            cli.echo(f"{recording}:")
            print_results(prediction, folder, as_json=False)
    if settings.as_json:
        cli.print_json(documents)
    if failed:
        cli.echo(f"error: {failed} of {len(recordings)} failed", err=True)
    return int(failed > 0)


def predict_recording(recording: str, out: Path, settings: Settings) -> VideoPrediction:
    """Predict one recording and write its results."""
    from triad.fusion.inference.live_predictor import LivePredictor
    from triad.fusion.inference.live_video import LiveVideo
    from triad.fusion.inference.open_recording import open_recording
    from triad.fusion.inference.outputs import write_outputs
    from triad.fusion.inference.sliding_window import choose_sliding_window
    from triad.fusion.inference.video_predictor import VideoPredictor

    ensemble, inputs, live_interval = settings.ensemble, settings.inputs, settings.live_interval
    stride = settings.stride if live_interval is None else live_interval
    sliding_window = choose_sliding_window(ensemble.models, window=settings.window, stride=stride)
    predictor: VideoPredictor | LivePredictor
    if live_interval is not None:
        predictor = LivePredictor(LiveVideo(recording), ensemble, sliding_window, inputs)
    else:
        opened, inputs = open_recording(Path(recording), ensemble.models, inputs, fps=settings.fps)
        predictor = VideoPredictor(opened, ensemble, sliding_window, inputs)
    for note in predictor.prediction.notes:
        cli.echo(f"note: {note}", err=True)
    draws = settings.draws and inputs.has_frames
    run_predictor(
        predictor, out if draws else None, settings.as_json, keeps_windows=settings.writes, rules=settings.rules
    )
    if settings.writes:
        write_outputs(predictor.prediction, out)
    return predictor.prediction


def run_predictor(
    predictor: VideoPredictor | LivePredictor,
    video_folder: Path | None,
    as_json: bool,
    *,
    keeps_windows: bool = True,
    rules: Sequence[Rule] | None = None,
) -> None:
    """Process the video with a progress bar, or with a line for every live prediction.

    Args:
        predictor: predictor to run.
        video_folder: folder of the annotated video; None writes none.
        as_json: whether standard output is kept for JSON: of a live video one object a line.
        keeps_windows: whether the predictions of a live video are kept, whose number has no end.
        rules: rules over the labels, whose alerts are kept and, of a live video, printed.
    """
    from triad.fusion.annotated_video import VIDEO_NAME, record_annotated_video
    from triad.fusion.inference.timeline_rules import AlertSink
    from triad.fusion.inference.video_predictor import VideoPredictor

    with ExitStack() as stack:
        sinks: list[PredictionSink] = []
        alerts: list[Alert] = []
        if rules is not None:
            predictor.prediction.alerts = alerts
            sinks.append(AlertSink(rules, alerts))
        if video_folder is not None:
            sinks.append(stack.enter_context(record_annotated_video(predictor, video_folder / VIDEO_NAME)))
        if isinstance(predictor, VideoPredictor):
            for _ in cli.progress(predictor.run(sinks), label="predict", total=predictor.num_frames, unit="frames"):
                pass
            return
        num_alerts = 0
        try:
            with terminated_as_interrupted():
                for window in predictor.run(sinks):
                    cli.echo(format_live(window, predictor.prediction, as_json=as_json))
                    for alert in alerts[num_alerts:]:
                        cli.echo(json.dumps(alert.to_json(), ensure_ascii=False) if as_json else alert)
                    num_alerts = len(alerts)
                    if not keeps_windows:
                        predictor.prediction.windows.clear()
        except KeyboardInterrupt:
            cli.echo("stopped", err=True)
        except BrokenPipeError:  # nobody reads the lines any more; what was predicted is still written to files
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """Treat SIGTERM, by which services and batch systems end a process, as Ctrl-C for the block."""
    handler = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, handler)


def format_live(window: WindowPrediction, prediction: VideoPrediction, *, as_json: bool = False) -> str:
    """Return one line for a live prediction: its end, the three likeliest classes, frames and windows left out.

    Args:
        window: newest prediction.
        prediction: predictions so far, with their counts.
        as_json: whether the line is a JSON object, with the row of the window that ``labels.json`` has.
    """
    if as_json:
        from triad.fusion.inference.outputs import window_row

        counts = {"dropped": prediction.dropped_frames, "skipped": prediction.skipped_windows}
        return json.dumps({**window_row(window, prediction.ensemble.classes), **counts}, ensure_ascii=False)
    probabilities = window.probabilities
    order = sorted(range(len(probabilities)), key=lambda index: -probabilities[index])[:3]
    labels = "  ".join(f"{prediction.ensemble.classes[index]} {probabilities[index]:.2f}" for index in order)
    left_out = f"dropped {prediction.dropped_frames}, skipped {prediction.skipped_windows}"
    return f"{window.span.end:8.1f} s  {labels}  ({left_out})"


def print_results(prediction: VideoPrediction, out: Path, as_json: bool) -> None:
    """Print the labels over time, the speed of each stage and the folder of the results."""
    from triad.fusion.inference.outputs import build_document

    document = build_document(prediction)
    if as_json:
        cli.print_json(document)
        return
    for line in format_segments(document["segments"]):
        cli.echo(line)
    for alert in prediction.alerts or ():
        cli.echo(alert)
    stages = [f"{name} {row['frames_per_second']:.0f}" for name, row in document["stages"].items()]
    cli.echo(f"frames a second of each stage: {', '.join(stages)}")
    cli.echo(f"{len(document['windows'])} windows of {prediction.num_frames} frames: '{out}'")


def format_segments(segments: Sequence[dict[str, Any]], max_lines: int = 20) -> list[str]:
    """Return one line a segment; of many segments the first ones, and how many more there are."""
    lines = [
        f"{row['start']:8.2f} – {row['end']:8.2f} s  {row['label'].replace('_', ' ')}  {row['probability']:.0%}"
        for row in segments[:max_lines]
    ]
    return lines if len(segments) <= max_lines else [*lines, f"… {len(segments) - max_lines} more in labels.json"]

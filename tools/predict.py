"""predict VIDEO --checkpoint K: labels over time of a raw video, and the video with the labels drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import cli

if TYPE_CHECKING:
    from fusion.inference.ensemble import WindowPrediction
    from fusion.inference.live_predictor import LivePredictor
    from fusion.inference.predictor import Predictor
    from fusion.inference.video_prediction import VideoPrediction

FILE = click.Path(path_type=Path)


@click.command(cls=cli.VariadicOptions)
@click.argument("video")
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    required=True,
    metavar="K...",
    help="Work folder, checkpoint file, or exported .onnx file; the scores of several models are fused.",
)
@cli.last_option
@click.option("--config", "configs", multiple=True, type=FILE, help="Config of each checkpoint  [default: beside it]")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of every config.")
@click.option("--out", type=FILE, help="Folder of the results  [default: work_dirs/predict/NAME]")
@click.option("--no-video", is_flag=True, help="Skip the annotated video, which takes the longest.")
@click.option("--window", type=float, help="Length of a window in seconds  [default: that of the training clips]")
@click.option("--stride", type=float, help="Seconds from one window to the next  [default: half a window]")
@click.option("--weights", multiple=True, metavar="W...", help="One weight a model, or stream=W  [default: equal]")
@click.option("--fuse", "method", default="mean", show_default=True, help="Fusion of several models: mean or product.")
@click.option("--fusion", type=FILE, help="Fusion that fuse.py --save fitted, instead of weights.")
@click.option("--skeleton", type=FILE, help="Measured poses: a file or folder of any format of README's table.")
@click.option("--skeleton-fps", type=float, help="Poses per second of --skeleton  [default: the video's]")
@click.option(
    "--file",
    "files",
    multiple=True,
    metavar="STREAM=FILE",
    help="Recorded file of a stream that frames do not show, e.g. depth=clip_depth.mkv.",
)
@click.option("--pose-weights", type=FILE, help="Pose model (ONNX) that estimates 2D joints.")
@click.option("--detector", help="Person detector for the pose model: an ONNX file, or whole_frame.")
@click.option("--object-detector", help="Detector of objects: an ONNX file of YOLOX of COCO's classes.")
@click.option("--flow-weights", type=FILE, help="Weights of the flow estimator, if it has any.")
@click.option(
    "--live-interval",
    type=float,
    metavar="SECONDS",
    help="Live mode: print a prediction at this interval. VIDEO is a camera, an address, or a file in real time.",
)
@click.option("--device", help="cpu, cuda, cuda:1  [default: a GPU if there is one]")
@click.option("--half", is_flag=True, help="Run the networks in half precision.")
@click.option("--threads", default=0, help="CPU threads of the networks  [default: torch decides]")
@cli.json_option
def main(
    video: str,
    checkpoints: tuple[str, ...],
    last: bool,
    configs: tuple[Path, ...],
    options: tuple[str, ...],
    out: Path | None,
    no_video: bool,
    window: float | None,
    stride: float | None,
    weights: tuple[str, ...],
    method: str,
    fusion: Path | None,
    skeleton: Path | None,
    skeleton_fps: float | None,
    files: tuple[str, ...],
    pose_weights: Path | None,
    detector: str | None,
    object_detector: str | None,
    flow_weights: Path | None,
    live_interval: float | None,
    device: str | None,
    half: bool,
    threads: int,
    as_json: bool,
) -> None:
    """Predict the actions in VIDEO over time.

    Every stream that the models read is made from the video: its frames, and flow by the estimator that the stream is
    named after. 2D joints are estimated with --pose-weights and --detector; measured joints come from --skeleton.
    Windows are read as test reads clips.

    The results are labels.json, labels.csv, predictions.npz and annotated.mp4.
    """
    from fusion.inference.live_predictor import LivePredictor
    from fusion.inference.live_video import LiveVideo
    from fusion.inference.open_ensemble import open_ensemble
    from fusion.inference.outputs import write_outputs
    from fusion.inference.predictor import Predictor
    from fusion.inference.sliding_window import choose_sliding_window
    from modalities.device import best_device
    from modalities.live import ExternalInputs

    cli.return_memory()
    if live_interval is not None and stride is not None:
        raise click.UsageError("--live-interval is the stride of live windows: leave out --stride")
    if bool(pose_weights) != bool(detector):
        raise click.UsageError("--pose-weights and --detector go together")
    if threads:
        import torch

        torch.set_num_threads(threads)
    network_device = device or best_device()
    ensemble = open_ensemble(
        checkpoints,
        configs,
        options,
        last=last,
        weights=weights,
        method=method,
        fusion=fusion,
        device=network_device,
        half=half,
    )
    pose_estimator = load_pose_estimator(pose_weights, detector, device)
    inputs = ExternalInputs(
        flow_weights=flow_weights,
        pose=pose_estimator,
        objects=load_object_detector(object_detector, device),
        skeleton=skeleton,
        skeleton_fps=skeleton_fps,
        device=network_device,
        files=parse_stream_files(files),
    )
    stride = stride if live_interval is None else live_interval
    sliding_window = choose_sliding_window(ensemble.models, window=window, stride=stride)
    out = out or Path("work_dirs/predict") / (Path(video).stem or "live")
    predictor = (
        Predictor(video, ensemble, sliding_window, inputs)
        if live_interval is None
        else LivePredictor(LiveVideo(video), ensemble, sliding_window, inputs)
    )
    for note in predictor.prediction.notes:
        click.echo(f"note: {note}", err=True)
    run_predictor(predictor, None if no_video else out, as_json)
    write_outputs(predictor.prediction, out)
    print_results(predictor.prediction, out, as_json)


def parse_stream_files(texts: Sequence[str]) -> dict[str, Path]:
    """Return the file of each stream that ``--file`` names."""
    files: dict[str, Path] = {}
    for text in texts:
        stream, equals, path = text.partition("=")
        if not (stream and equals and path):
            raise click.UsageError(f"--file must be STREAM=FILE, got '{text}'")
        files[stream] = Path(path)
    return files


def load_pose_estimator(weights: Path | None, detector: str | None, device: str | None) -> Any:
    """Return the estimator of 2D joints; None without weights."""
    if weights is None:
        return None
    from modalities.onnx_model import best_onnx_device
    from modalities.skeleton.pose_estimation import build_pose_estimator

    return build_pose_estimator("estimated", weights=weights, detector=detector, device=device or best_onnx_device())


def load_object_detector(detector: str | None, device: str | None) -> Any:
    """Return the detector of objects; None where none is given."""
    if detector is None:
        return None
    from modalities.objects.detector import build_object_detector
    from modalities.onnx_model import best_onnx_device

    return build_object_detector(detector, device=device or best_onnx_device())


def run_predictor(predictor: Predictor | LivePredictor, video_folder: Path | None, as_json: bool) -> None:
    """Process the video with a progress bar, or with a line for every live prediction.

    Args:
        predictor: predictor to run.
        video_folder: folder of the annotated video; None writes none.
        as_json: whether standard output is kept for JSON.
    """
    from fusion.annotated_video import VIDEO_NAME, record_annotated_video
    from fusion.inference.predictor import Predictor

    with ExitStack() as stack:
        sinks = []
        if video_folder is not None:
            sinks.append(stack.enter_context(record_annotated_video(predictor, video_folder / VIDEO_NAME)))
        if isinstance(predictor, Predictor):
            for _ in cli.progress(predictor.run(sinks), label="predict", total=predictor.num_frames, unit="frames"):
                pass
            return
        try:
            for window in predictor.run(sinks):
                click.echo(format_live(window, predictor.prediction), err=as_json)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)


def format_live(window: WindowPrediction, prediction: VideoPrediction) -> str:
    """Return one line for a live prediction: its end, the three likeliest classes, frames and windows left out."""
    probabilities = window.probabilities
    order = sorted(range(len(probabilities)), key=lambda index: -probabilities[index])[:3]
    labels = "  ".join(f"{prediction.ensemble.classes[index]} {probabilities[index]:.2f}" for index in order)
    left_out = f"dropped {prediction.dropped_frames}, skipped {prediction.skipped_windows}"
    return f"{window.span.end:8.1f} s  {labels}  ({left_out})"


def print_results(prediction: VideoPrediction, out: Path, as_json: bool) -> None:
    """Print the labels over time, the speed of each stage and the folder of the results."""
    from fusion.inference.outputs import build_document

    document = build_document(prediction)
    if as_json:
        cli.print_json(document)
        return
    for line in format_segments(document["segments"]):
        click.echo(line)
    stages = [f"{name} {row['frames_per_second']:.0f}" for name, row in document["stages"].items()]
    click.echo(f"frames a second of each stage: {', '.join(stages)}")
    click.echo(f"{len(document['windows'])} windows of {prediction.num_frames} frames: '{out}'")


def format_segments(segments: Sequence[dict[str, Any]], max_lines: int = 20) -> list[str]:
    """Return one line a segment; of many segments the first ones, and how many more there are."""
    lines = [
        f"{row['start']:8.2f} – {row['end']:8.2f} s  {row['label'].replace('_', ' ')}  {row['probability']:.0%}"
        for row in segments[:max_lines]
    ]
    return lines if len(segments) <= max_lines else [*lines, f"… {len(segments) - max_lines} more in labels.json"]


if __name__ == "__main__":
    cli.run(main)

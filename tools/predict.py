"""predict VIDEO --checkpoint K: labels over time of a raw video, and the video with them drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import cli

if TYPE_CHECKING:
    from fusion.inference.predictor import LivePredictor, Prediction, Predictor

FILE = click.Path(path_type=Path)


@click.command(cls=cli.VariadicOptions)
@click.argument("video")
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    required=True,
    metavar="K...",
    help="A work folder, a file of one, or an exported .onnx; several models answer together.",
)
@click.option("--config", "configs", multiple=True, type=FILE, help="Of each checkpoint [default: beside it].")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the configs.")
@click.option("--out", type=FILE, help="Folder of the results  [default: work_dirs/predict/NAME]")
@click.option("--no-film", is_flag=True, help="Without the annotated video, which takes longest.")
@click.option("--window", type=float, help="Seconds of a window  [default: as long as the training clips]")
@click.option("--stride", type=float, help="Seconds from one window to the next  [default: half a window]")
@click.option("--weights", multiple=True, metavar="W...", help="Of the models: one each, or stream=W  [default: equal]")
@click.option("--fuse", "method", default="mean", show_default=True, help="mean or product, of several models.")
@click.option("--fusion", type=FILE, help="What fuse.py --save fitted, instead of weights.")
@click.option("--skeleton", type=FILE, help="Poses that were measured: .npz, keypoints [M, T, V, C], scores [M, T, V].")
@click.option("--skeleton-fps", type=float, help="Their rate, where it is not the video's.")
@click.option("--pose-weights", type=FILE, help="Pose model (ONNX) that estimates 2D joints.")
@click.option("--detector", help="Person detector for it: an ONNX file, or whole_frame.")
@click.option("--flow-weights", type=FILE, help="Of the flow estimator, where it has some.")
@click.option(
    "--every", type=float, help="Live: VIDEO is a camera, an address or a file in real time; print this often."
)
@click.option("--device", help="cpu, cuda, cuda:1  [default: a GPU where there is one]")
@click.option("--half", is_flag=True, help="Networks in half precision.")
@click.option("--threads", default=0, help="Threads of the networks on the CPU (default: torch's own choice).")
@cli.json_option
def main(
    video: str,
    checkpoints: tuple[str, ...],
    configs: tuple[Path, ...],
    options: tuple[str, ...],
    out: Path | None,
    no_film: bool,
    window: float | None,
    stride: float | None,
    weights: tuple[str, ...],
    method: str,
    fusion: Path | None,
    skeleton: Path | None,
    skeleton_fps: float | None,
    pose_weights: Path | None,
    detector: str | None,
    flow_weights: Path | None,
    every: float | None,
    device: str | None,
    half: bool,
    threads: int,
    as_json: bool,
) -> None:
    """Say what happens in VIDEO, and when.

    Every stream that the models read is made from the video: frames, flow by the estimator that its name says, 2D
    joints by --pose-weights and --detector; joints that were measured come from --skeleton. Windows are read as test
    reads clips. The folder of the results holds labels.json, labels.csv, predictions.npz and annotated.mp4.
    """
    from fusion.inference.live import LiveVideo
    from fusion.inference.open_ensemble import open_ensemble
    from fusion.inference.opened_streams import ExternalInputs
    from fusion.inference.outputs import write_outputs
    from fusion.inference.predictor import LivePredictor, Predictor
    from fusion.inference.sliding_window import choose_sliding_window
    from modalities.device import best_device

    cli.return_memory()
    if every is not None and stride is not None:
        raise click.UsageError("--every is the stride of live windows: leave out --stride")
    if bool(pose_weights) != bool(detector):
        raise click.UsageError("--pose-weights and --detector go together")
    if threads:
        import torch

        torch.set_num_threads(threads)
    where = device or best_device()
    panel = open_ensemble(
        checkpoints,
        configs,
        options,
        weights=weights,
        method=method,
        fusion=fusion,
        device=where,
        half=half,
    )
    given = ExternalInputs(flow_weights, pose_of(pose_weights, detector, device), skeleton, skeleton_fps, where)
    sliding = choose_sliding_window(panel.models, window=window, stride=every if every is not None else stride)
    out = out or Path("work_dirs/predict") / (Path(video).stem or "live")
    predictor = (
        Predictor(video, panel, sliding, given)
        if every is None
        else LivePredictor(LiveVideo(video), panel, sliding, given)
    )
    for note in predictor.prediction.notes:
        click.echo(f"note: {note}", err=True)
    look(predictor, None if no_film else out, as_json)
    write_outputs(predictor.prediction, out)
    report(predictor.prediction, out, as_json)


def pose_of(weights: Path | None, detector: str | None, device: str | None) -> Any:
    """The estimator of 2D joints; None where none is asked for."""
    if weights is None:
        return None
    from modalities.skeleton.pose_estimation import build_pose_estimator
    from modalities.skeleton.pose_estimation.onnx_model import best_onnx_device

    return build_pose_estimator("estimated", weights=weights, detector=detector, device=device or best_onnx_device())


def look(predictor: Predictor | LivePredictor, film: Path | None, as_json: bool) -> None:
    """Go through the video, with a bar, or a line for every live answer."""
    from fusion.inference.open_ensemble import filming
    from fusion.inference.outputs import FILM
    from fusion.inference.predictor import Predictor

    with ExitStack() as stack:
        sinks = [] if film is None else [stack.enter_context(filming(predictor, film / FILM))]
        if isinstance(predictor, Predictor):
            for _ in cli.progress(predictor.run(sinks), label="predict", total=predictor.num_frames, unit="frames"):
                pass
            return
        prediction = predictor.prediction
        try:
            for answer in predictor.run(sinks):
                shares = answer.shares
                best = sorted(range(len(shares)), key=lambda index: -shares[index])[:3]
                said = "  ".join(f"{prediction.panel.classes[index]} {shares[index]:.2f}" for index in best)
                lost = f"dropped {prediction.dropped}, skipped {prediction.skipped}"
                click.echo(f"{answer.span.end:8.1f} s  {said}  ({lost})", err=as_json)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)


def report(prediction: Prediction, out: Path, as_json: bool) -> None:
    """What happened when, how fast each stage was, and where it is written."""
    from fusion.inference.outputs import document_of

    document = document_of(prediction)
    if as_json:
        cli.print_json(document)
        return
    for row in shortened(document["segments"]):
        click.echo(row)
    stages = [f"{name} {row['frames_per_second']:.0f}" for name, row in document["stages"].items()]
    click.echo(f"frames a second of each stage: {', '.join(stages)}")
    click.echo(f"{len(document['windows'])} windows of {prediction.frames} frames: '{out}'")


def shortened(segments: Sequence[dict[str, Any]], most: int = 20) -> list[str]:
    """A line a segment; of many, the first ones."""
    rows = [
        f"{row['start']:8.2f} – {row['end']:8.2f} s  {row['label'].replace('_', ' ')}  {row['probability']:.0%}"
        for row in segments[:most]
    ]
    return rows if len(segments) <= most else [*rows, f"… {len(segments) - most} more in labels.json"]


if __name__ == "__main__":
    cli.run(main)

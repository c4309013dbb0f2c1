"""predict VIDEO... --checkpoint K: labels over time of raw videos, and the videos with the labels drawn in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triad import CONFIGS
from triad.tools import cli
from triad.tools.predict_recordings import Settings, name_folders, predict_all, predict_recording, print_results

if TYPE_CHECKING:
    from triad.modalities.skeleton.measured_poses import FileSettings

FILE = click.Path(path_type=Path)
LIFTER = CONFIGS / "estimators/tcn27_lift.py"


@click.command(cls=cli.VariadicOptions)
@click.argument("videos", nargs=-1, metavar="[VIDEO]...")
@cli.checkpoints_option()
@cli.last_option
@click.option("--config", "configs", multiple=True, type=FILE, help="Config of each checkpoint  [default: its own]")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of every config.")
@click.option(
    "--out",
    type=FILE,
    help="Folder of the results; of several videos one in it each  [default: work_dirs/predict/NAME]",
)
@click.option("--no-video", is_flag=True, help="Skip the annotated video, which takes the longest.")
@click.option("--fps", type=float, help="Pictures per second where VIDEO is a folder of pictures  [default: 30]")
@click.option("--window", type=float, help="Length of a window in seconds  [default: that of the training clips]")
@click.option("--stride", type=float, help="Seconds from one window to the next  [default: half a window]")
@click.option("--weights", multiple=True, metavar="W...", help="One weight a model, or stream=W  [default: equal]")
@click.option("--fuse", "method", default="mean", show_default=True, help="Fusion of several models: mean or product.")
@click.option("--fusion", type=FILE, help="Fusion that fuse.py --save fitted, instead of weights.")
@click.option(
    "--skeleton",
    type=FILE,
    help="Measured poses: a file or folder of any format of README's table; with or without VIDEO.",
)
@click.option("--skeleton-fps", type=float, help="Poses per second of --skeleton  [default: the video's]")
@click.option(
    "--skeleton-size",
    metavar="WxH",
    help="Size of the frames that its pixels refer to  [default: the file's, the video's]",
)
@click.option(
    "--layout", help="Layout of its joints: a name, or a .json or .toml file  [default: the file's, the model's]"
)
@click.option("--unit", help="Unit of its joints: m, cm, mm, pixel or fraction.")
@click.option("--axes", help="Its axes that point right, down and away, such as 'x -y z' where y is up.")
@click.option(
    "--file",
    "files",
    multiple=True,
    metavar="STREAM=FILE",
    help="Recorded file of a stream that the video does not show, e.g. depth=clip_depth.mkv, rgb_side=side.mp4.",
)
@click.option("--pose-weights", type=FILE, help="Pose model (ONNX) that estimates 2D joints.")
@click.option("--detector", help="Person detector for the pose model: an ONNX file, or whole_frame.")
@click.option("--lift", type=FILE, help="Checkpoint or work folder of a lifter, for models of 3D joints.")
@click.option("--lift-config", type=FILE, default=LIFTER, help="Its config  [default: that of lift.py]")
@click.option("--object-detector", help="Detector of objects: an ONNX file of YOLOX of COCO's classes.")
@click.option("--flow-weights", type=FILE, help="Weights of the flow estimator, if it has any.")
@click.option(
    "--live-interval",
    type=float,
    metavar="SECONDS",
    help="Live mode: print a prediction at this interval; with --json one object a line, and files only with --out. "
    "VIDEO is the number of a camera, an address, or a file in real time.",
)
@click.option("--rules", type=FILE, help="TOML file of rules over the labels, whose alerts are printed and kept.")
@click.option("--device", help="cpu, cuda, cuda:1  [default: a GPU if there is one]")
@click.option("--half", is_flag=True, help="Run the networks in half precision.")
@click.option("--threads", default=0, help="CPU threads of the networks  [default: torch decides]")
@cli.json_option
def main(
    videos: tuple[str, ...],
    checkpoints: tuple[str, ...],
    last: bool,
    configs: tuple[Path, ...],
    options: tuple[str, ...],
    out: Path | None,
    no_video: bool,
    fps: float | None,
    window: float | None,
    stride: float | None,
    weights: tuple[str, ...],
    method: str,
    fusion: Path | None,
    skeleton: Path | None,
    skeleton_fps: float | None,
    skeleton_size: str | None,
    layout: str | None,
    unit: str | None,
    axes: str | None,
    files: tuple[str, ...],
    pose_weights: Path | None,
    detector: str | None,
    lift: Path | None,
    lift_config: Path,
    object_detector: str | None,
    flow_weights: Path | None,
    live_interval: float | None,
    rules: Path | None,
    device: str | None,
    half: bool,
    threads: int,
    as_json: bool,
) -> None:
    """Predict the actions in every VIDEO over time; the models are loaded once.

    VIDEO is a video, a folder of numbered pictures, or a skeleton recording of any known format. Every stream that the
    models read is made from the video: its frames, and flow by the estimator that the stream is named after. 2D joints
    are estimated with --pose-weights and --detector, and lifted to 3D with --lift; measured joints come from
    --skeleton, which needs no VIDEO. Streams of another recording, as a second camera, come from --file. Windows are
    read as test reads clips.

    The results are labels.json, labels.csv, predictions.npz and annotated.mp4. Of several VIDEOs, one that fails does
    not stop the others.
    """
    from triad.fusion.inference.open_ensemble import open_ensemble
    from triad.fusion.inference.timeline_rules import read_rules
    from triad.modalities.device import best_device
    from triad.modalities.live import ExternalInputs

    cli.return_memory()
    check_usage(videos, skeleton, files, live_interval, stride, pose_weights, detector, lift)
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
    inputs = ExternalInputs(
        flow_weights=flow_weights,
        pose=load_pose_estimator(pose_weights, detector, device),
        lifter=load_lifter(lift, lift_config),
        objects=load_object_detector(object_detector, device),
        skeleton=skeleton,
        skeleton_fps=skeleton_fps,
        skeleton_settings=parse_skeleton_settings(skeleton_size, layout, unit, axes),
        device=network_device,
        files=parse_stream_files(files),
    )
    only_lines = as_json and live_interval is not None and out is None
    draws = not no_video and not only_lines
    settings = Settings(
        *(ensemble, inputs, fps, window, stride, live_interval, draws, as_json),
        writes=not only_lines,
        rules=None if rules is None else read_rules(rules, ensemble.classes),
    )
    recordings = list(videos) or [str(skeleton)]
    folders = name_folders(recordings, out)
    if len(recordings) == 1:
        prediction = predict_recording(recordings[0], folders[0], settings)
        if live_interval is None or not as_json:
            print_results(prediction, folders[0], as_json)
        return
    sys.exit(predict_all(recordings, folders, settings))


def check_usage(
    videos: Sequence[str],
    skeleton: Path | None,
    files: Sequence[str],
    live_interval: float | None,
    stride: float | None,
    pose_weights: Path | None,
    detector: str | None,
    lift: Path | None,
) -> None:
    """Refuse options that do not go together."""
    if not videos and (skeleton is None or live_interval is not None):
        raise click.UsageError("name a VIDEO, or a skeleton recording with --skeleton")
    if len(videos) > 1 and (skeleton is not None or files or live_interval is not None):
        raise click.UsageError("--skeleton, --file and --live-interval go with one VIDEO")
    if live_interval is not None and stride is not None:
        raise click.UsageError("--live-interval is the stride of live windows: leave out --stride")
    if bool(pose_weights) != bool(detector):
        raise click.UsageError("--pose-weights and --detector go together")
    if lift is not None and pose_weights is None:
        raise click.UsageError("--lift needs --pose-weights and --detector, whose joints it lifts")


def parse_stream_files(texts: Sequence[str]) -> dict[str, Path]:
    """Return the file of each stream that ``--file`` names."""
    files: dict[str, Path] = {}
    for text in texts:
        stream, equals, path = text.partition("=")
        if not (stream and equals and path):
            raise click.UsageError(f"--file must be STREAM=FILE, got '{text}'")
        files[stream] = Path(path)
    return files


def parse_skeleton_settings(size: str | None, layout: str | None, unit: str | None, axes: str | None) -> FileSettings:
    """Return what the user says about files of joints."""
    from triad.modalities.skeleton import load_layout, parse_frame_size
    from triad.modalities.skeleton.measured_poses import FileSettings

    return FileSettings(
        layout=None if layout is None else load_layout(layout).name,
        unit=unit,
        axes=axes,
        size=None if size is None else parse_frame_size(size, "--skeleton-size"),
    )


def load_pose_estimator(weights: Path | None, detector: str | None, device: str | None) -> Any:
    """Return the estimator of 2D joints; None without weights."""
    if weights is None:
        return None
    from triad.modalities.onnx_model import best_onnx_device
    from triad.modalities.skeleton.pose_estimation import build_pose_estimator

    return build_pose_estimator("estimated", weights=weights, detector=detector, device=device or best_onnx_device())


def load_lifter(checkpoint: Path | None, config: Path) -> Any:
    """Return the lifter of estimated joints; None without a checkpoint."""
    if checkpoint is None:
        return None
    from triad.fusion.estimators.lifting.checkpoints import load_lifter

    return load_lifter(config, checkpoint)


def load_object_detector(detector: str | None, device: str | None) -> Any:
    """Return the detector of objects; None where none is given."""
    if detector is None:
        return None
    from triad.modalities.objects.detector import build_object_detector
    from triad.modalities.onnx_model import best_onnx_device

    return build_object_detector(detector, device=device or best_onnx_device())


if __name__ == "__main__":
    cli.run(main)

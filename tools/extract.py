"""extract OUT --flow, --pose, --objects NAME or --features CHECKPOINT: extract streams from a prepared dataset."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triad.modalities.extraction import Extractor, Shard
from triad.modalities.flow.estimators import ESTIMATORS, is_network, stream_of_name
from triad.modalities.flow.storage.denseflow import BOUND
from triad.tools import cli
from triad.tools.extract_options import FlowType, LengthType, ShardType

if TYPE_CHECKING:
    from triad.fusion.inference.feature_extraction import WindowLength


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--flow",
    type=FlowType(),
    help=f"{', '.join(ESTIMATORS)} or ptlflow:MODEL, stream flow_NAME; NAME@256 scales frames to that short side.",
)
@click.option(
    "--weights", type=click.Path(path_type=Path), help="Weights of --flow: a file, or random:SEED for untrained ones."
)
@click.option("--iterations", type=int, help="Number of RAFT's refinements (12).")
@click.option("--warm-start", is_flag=True, help="Fast RAFT: begin each pair with the flow of the pair before.")
@click.option(
    "--import-flow",
    "import_flow",
    type=(str, click.Path(path_type=Path)),
    metavar="NAME FOLDER",
    help="Import flow from FOLDER/VIDEO/flow_x_00001.jpg, flow_y_… (denseflow), FOLDER/{u,v}/VIDEO/frame000001.jpg, "
    "FOLDER/VIDEO/*.flo or *.npy [H, W, 2], or FOLDER/VIDEO.npy [T, H, W, 2]; the stream is flow_NAME.",
)
@click.option("--bound", type=float, help=f"Largest flow of the imported images in pixels ({BOUND:g}).")
@click.option("--pose", metavar="NAME", help="Extract 2D poses; the stream is pose_NAME, with a name of your choice.")
@click.option(
    "--pose-weights",
    type=click.Path(path_type=Path),
    help="ONNX file (MoveNet, RTMPose, heat maps; RTMO, YOLO-pose without --detector) or checkpoint of mmpose.",
)
@click.option("--pose-config", type=click.Path(path_type=Path), help="Config of the mmpose checkpoint.")
@click.option(
    "--detector", metavar="FILE|NAME", help="ONNX file of YOLOX or RTMDet, a detector of torchvision, or whole_frame."
)
@click.option("--detector-weights", type=click.Path(path_type=Path), help="Weights of torchvision's detector.")
@click.option("--detect-every", type=click.IntRange(1), help="Detect persons on every n-th frame (1).")
@click.option("--smooth", type=int, help="Smooth joints over this many frames (Savitzky–Golay; off).")
@click.option("--objects", metavar="NAME", help="Detect objects; the stream is objects_NAME, a name of your choice.")
@click.option("--object-detector", metavar="FILE|NAME", help="ONNX file of YOLOX or a detector of torchvision.")
@click.option("--object-weights", type=click.Path(path_type=Path), help="Weights of torchvision's object detector.")
@click.option(
    "--features",
    type=click.Path(path_type=Path),
    metavar="CHECKPOINT",
    help="Extract the vectors of a trained model: a work folder or a checkpoint; the stream is features_NAME.",
)
@click.option("--name", help="NAME of the features  [default: the streams of the model]")
@click.option("--window", type=LengthType(), help="Window of --features  [default: as long as the training clips]")
@click.option("--stride", type=LengthType(), help="From one window to the next  [default: half a window]")
@click.option("--device", default="cpu", show_default=True, help="Device of the networks.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Number of processes (2); on a GPU, of videos at once in one process (half the cores, at most 8); with --ray, "
    "the largest number (all CPUs or GPUs).",
)
@click.option("--ray", metavar="ADDRESS", help="Run on this Ray cluster: auto, HOST:6379, ray://HOST:10001.")
@click.option("--shard", type=ShardType(), help="Extract share i of n of the videos, i from 1 (n runs at once, Slurm).")
@click.option("--retry-failed", is_flag=True, help="Try again the videos that failed before.")
@click.option("--status", is_flag=True, help="Print what is done, failed and missing; add finished files to the index.")
@click.option("--verify", is_flag=True, help="Read every stored file and remove damaged ones, to be made again.")
@cli.json_option
def main(
    out: Path,
    flow: str | None,
    weights: Path | None,
    iterations: int | None,
    warm_start: bool,
    import_flow: tuple[str, Path] | None,
    bound: float | None,
    pose: str | None,
    pose_weights: Path | None,
    pose_config: Path | None,
    detector: str | None,
    detector_weights: Path | None,
    detect_every: int | None,
    smooth: int | None,
    objects: str | None,
    object_detector: str | None,
    object_weights: Path | None,
    features: Path | None,
    name: str | None,
    window: WindowLength | None,
    stride: WindowLength | None,
    device: str,
    workers: int | None,
    ray: str | None,
    shard: Shard | None,
    retry_failed: bool,
    status: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Extract optical flow, poses and objects from every video of the dataset in OUT and add the streams to its index;
    or features, which a trained model gives of the windows of every recording.

    Each video is decoded once. Finished files are skipped. A video that fails does not stop the others: it is listed in
    OUT/<stream>/failures.json and not tried again, unless its file or the index changes. Shards do not write the index;
    run --status, or the command without --shard, when all are done. --status and --verify take all streams, or those
    of --flow, --pose and --objects.
    """
    if status + verify + retry_failed > 1 or (status and shard):
        raise click.UsageError("--status, --verify and --retry-failed exclude each other; --status takes no --shard")
    if not flow and (weights or iterations is not None or warm_start):
        raise click.UsageError("--weights, --iterations and --warm-start go with --flow")
    if not pose and (pose_weights or pose_config or detector or detector_weights or detect_every or smooth is not None):
        pose_options = "--pose-weights, --pose-config, --detector, --detector-weights, --detect-every, --smooth"
        raise click.UsageError(f"{pose_options} go with --pose")
    if not objects and (object_detector or object_weights):
        raise click.UsageError("--object-detector and --object-weights go with --objects")
    if not features and (name or window or stride):
        raise click.UsageError("--name, --window and --stride go with --features")
    if features and (flow or import_flow or pose or objects or status or verify or workers or ray):
        raise click.UsageError("--features goes with --name, --window, --stride, --device, --shard and --retry-failed")
    if bound is not None and import_flow is None:
        raise click.UsageError("--bound goes with --import-flow")
    from triad.fusion.index import load_index
    from triad.fusion.index.stream_index import extraction_tasks
    from triad.modalities.extraction import StreamStore
    from triad.tools import extract_run

    index = load_index(out)
    if features:
        from triad.fusion.inference.feature_extraction import FeatureExtractor

        extractor = FeatureExtractor(features, index, name=name, window=window, stride=stride, device=device)
        extract_run.extract_features(index, extractor, shard, retry_failed, as_json)
        return
    builders: dict[str, Callable[[], Extractor]] = {}  # by stream
    if flow:
        flow_device = device if is_network(flow) or not (pose or objects) else "cpu"
        options = {"weights": weights, "iterations": iterations, "device": flow_device, "warm_start": warm_start}
        builders[stream_of_name(flow)] = partial(extract_run.build_flow_extractor, flow, options)
    if import_flow:
        videos = {task.id: task.video for task in extraction_tasks(index).values()}
        flow_name, folder = import_flow
        bound = BOUND if bound is None else bound
        builders[f"flow_{flow_name}"] = partial(extract_run.build_flow_importer, flow_name, folder, bound, videos)
    if pose:
        builders[f"pose_{pose}"] = partial(
            extract_run.build_pose_extractor,
            pose,
            smooth,
            weights=pose_weights,
            config=pose_config,
            detector=detector,
            detector_weights=detector_weights,
            every=detect_every or 1,
            device=device,
        )
    if objects:
        builders[f"objects_{objects}"] = partial(
            extract_run.build_object_extractor, objects, detector=object_detector, weights=object_weights, device=device
        )
    build = partial(extract_run.build_extractors, list(builders.values()))
    if status:
        extract_run.print_status(index.root, extract_run.open_stores(index.root, builders), as_json)
    elif verify:
        stores = [StreamStore.to_write(extractor, index.root) for extractor in build()]
        extract_run.print_verification(
            index, stores or extract_run.open_stores(index.root, ()), shard or Shard(), as_json
        )
    elif not builders:
        raise click.UsageError("Missing option '--flow', '--pose', '--objects', '--features' or '--import-flow'.")
    else:
        chosen_workers = extract_run.choose_workers(workers, ray=ray, device=device)
        extract_run.extract(index, build, chosen_workers, shard, retry_failed, as_json)


if __name__ == "__main__":
    cli.run(main)

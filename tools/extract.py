"""extract OUT --flow NAME --pose NAME --objects NAME: extract streams from the videos of a prepared dataset."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from triad.tools import cli  # sets what torch reads when it is imported

# isort: split
from triad.fusion.index import Index, load_index
from triad.fusion.index.extraction_summary import extraction_summary, profile_line
from triad.fusion.index.stream_index import FAILURES, StreamStatus, extraction_tasks, join_streams, stream_status
from triad.modalities.checks import fail
from triad.modalities.extraction import (
    Extractor,
    ExtractorFactory,
    LocalWorkers,
    Outcome,
    Shard,
    StreamFiles,
    StreamStore,
    Workers,
    open_run,
    verify_stream,
)
from triad.modalities.extraction.ray_workers import RayWorkers
from triad.modalities.flow import FlowExtractor, FlowFiles
from triad.modalities.flow.estimators import ESTIMATORS, build_estimator, stream_of_name
from triad.modalities.flow.importer import FlowImporter
from triad.modalities.flow.storage.denseflow import BOUND
from triad.modalities.objects.detector import build_object_detector
from triad.modalities.objects.extractor import ObjectExtractor, ObjectFiles
from triad.modalities.skeleton.pose_estimation import PoseExtractor, PoseFiles, build_pose_estimator
from triad.tools.extract_options import FlowType, ShardType

FILES: dict[str, Callable[[str], StreamFiles]] = {"flow": FlowFiles, "pose": PoseFiles, "objects": ObjectFiles}
"""Reader of a stream's files by the first word of the stream's name."""


def build_extractors(builders: Sequence[Callable[[], Extractor]]) -> list[Extractor]:
    """Build the extractors of the options; every worker builds its own."""
    return [build() for build in builders]


def build_flow_extractor(name: str, options: dict[str, Any]) -> FlowExtractor:
    return FlowExtractor(build_estimator(name, **options))


def build_flow_importer(name: str, folder: Path, bound: float, videos: dict[str, Path]) -> FlowImporter:
    return FlowImporter(name, folder, videos, bound=bound)


def build_pose_extractor(name: str, smooth: int | None, **options: Any) -> PoseExtractor:
    return PoseExtractor(build_pose_estimator(name, **options), smooth=smooth)


def build_object_extractor(name: str, **options: Any) -> ObjectExtractor:
    return ObjectExtractor(name, build_object_detector(**options))


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
@click.option("--device", default="cpu", show_default=True, help="Device of the networks.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Number of processes (2); with --ray, the largest number (all CPUs or GPUs).",
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
    device: str,
    workers: int | None,
    ray: str | None,
    shard: Shard | None,
    retry_failed: bool,
    status: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Extract optical flow, poses and objects from every video of the dataset in OUT and add the streams to its index.

    Each video is decoded once. Finished files are skipped. A video that fails does not stop the others: it is listed in
    OUT/<stream>/failures.json and not tried again, unless its file or the index changes. Shards do not write the index;
    run --status, or the command without --shard, when all are done. --status and --verify take all streams, or those
    of --flow, --pose and --objects.
    """
    if status + verify + retry_failed > 1 or (status and shard):
        raise click.UsageError("--status, --verify and --retry-failed exclude each other; --status takes no --shard")
    if not pose and (pose_weights or pose_config or detector or detector_weights or detect_every or smooth is not None):
        pose_options = "--pose-weights, --pose-config, --detector, --detector-weights, --detect-every, --smooth"
        raise click.UsageError(f"{pose_options} go with --pose")
    if not objects and (object_detector or object_weights):
        raise click.UsageError("--object-detector and --object-weights go with --objects")
    if bound is not None and import_flow is None:
        raise click.UsageError("--bound goes with --import-flow")
    index = load_index(out)
    builders: dict[str, Callable[[], Extractor]] = {}  # by stream
    if flow:
        options = {"weights": weights, "iterations": iterations, "device": device, "warm_start": warm_start}
        builders[stream_of_name(flow)] = partial(build_flow_extractor, flow, options)
    if import_flow:
        videos = {task.id: task.video for task in extraction_tasks(index).values()}
        name, folder = import_flow
        bound = BOUND if bound is None else bound
        builders[f"flow_{name}"] = partial(build_flow_importer, name, folder, bound, videos)
    if pose:
        builders[f"pose_{pose}"] = partial(
            build_pose_extractor,
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
            build_object_extractor, objects, detector=object_detector, weights=object_weights, device=device
        )
    build = partial(build_extractors, list(builders.values()))
    if status:
        print_status(join_streams(index.root, open_stores(index.root, builders)), as_json)
    elif verify:
        stores = [StreamStore.to_write(extractor, index.root) for extractor in build()]
        print_verification(index, stores or open_stores(index.root, ()), shard or Shard(), as_json)
    elif not builders:
        raise click.UsageError("Missing option '--flow', '--pose', '--objects' or '--import-flow'.")
    else:
        gpus = int(device.startswith("cuda"))
        local_or_ray = RayWorkers(ray, num_workers=workers, gpus=gpus) if ray else LocalWorkers(workers or 2)
        extract(index, build, local_or_ray, shard, retry_failed, as_json)


def open_stores(root: Path, streams: Collection[str]) -> list[StreamStore]:
    """Open the stores of these streams, or all existing ones where none is named."""
    existing = [path.parent.name for path in sorted(root.glob("*/provenance.json"))]
    names = streams or [name for name in existing if name.partition("_")[0] in FILES]
    for name in names or ["extracted streams"]:
        if name not in existing:
            cure = "extract with --flow, --pose or --objects NAME"
            fail(f"'{root}'", f"hold {name}", ", ".join(existing) or "none", cure)
    return [StreamStore.to_read(FILES[name.partition("_")[0]](name), root) for name in names]


def extract(
    index: Index, build: ExtractorFactory, workers: Workers, shard: Shard | None, retry_failed: bool, as_json: bool
) -> None:
    """Run the extraction, print its summary, and exit with 1 if a video failed."""
    tasks = list(dict.fromkeys(extraction_tasks(index).values()))
    with open_run(tasks, build, index.root, workers=workers, shard=shard, retry_failed=retry_failed) as run:
        total = sum(job.task.num_frames for job in run.jobs)
        label = " + ".join(store.stream for store in run.stores)
        for _ in cli.progress(run, label=label, total=total, unit="frames", size=count_frames):
            pass
    statuses = (
        [stream_status(store, run.tasks) for store in run.stores] if shard else join_streams(index.root, run.stores)
    )
    document = extraction_summary(run, statuses)
    if as_json:
        cli.print_json(document)
    else:
        for row in document["streams"]:
            cli.echo(describe_stream(row))
        cli.echo(profile_line(document["profile"]))
        if shard:
            cli.echo(f"when all shards are done: triad extract {index.root} --status")
    if run.failures:
        (stream, id), reason = min(run.failures.items())
        path = index.root / stream / (f"failed/{id}.json" if shard else FAILURES)
        num_failed = len({task_id for _, task_id in run.failures})
        cli.echo(f"error: {num_failed} of {len(run.tasks)} videos failed, see '{path}'; '{id}': {reason}", err=True)
        sys.exit(1)


def count_frames(outcome: Outcome) -> int:
    return outcome.task.num_frames


def describe_stream(row: dict[str, Any]) -> str:
    """Return the line of a stream in the summary."""
    line = (
        f"{row['stream']}: {row['extracted']} extracted, {row['skipped']} finished before, "
        f"{row['failed']} failed, {row['failed_before']} failed before"
    )
    if row["failed_before"]:
        line += " (--retry-failed tries them again)"
    counts = [f"{count} {name}" for name, count in row["counts"].items() if count]
    return ", ".join([f"{line}; {row['bytes'] / 1e6:.1f} MB", *counts])


def print_status(statuses: list[StreamStatus], as_json: bool) -> None:
    documents = [status.document() for status in statuses]
    if as_json:
        return cli.print_json({"streams": documents})
    cli.echo(f"{'stream':20}{'videos':>9}{'done':>9}{'failed':>9}{'missing':>9}{'damaged':>9}{'MB':>10}")
    for row in documents:
        counts = [row["videos"], row["done"], *(len(row[key]) for key in ("failed", "missing", "damaged"))]
        cli.echo(f"{row['stream']:20}" + "".join(f"{count:9}" for count in counts) + f"{row['bytes'] / 1e6:10.1f}")
    for row in documents:
        for kind in ("failed", "damaged"):
            for video in row[kind]:
                cli.echo(f"{row['stream']} {kind} '{video['id']}': {video['reason']}")


def print_verification(index: Index, stores: list[StreamStore], shard: Shard, as_json: bool) -> None:
    """Verify the files of the stores, print the damaged ones, and exit with 1 if there is one."""
    tasks = list(dict.fromkeys(extraction_tasks(index).values()))
    document: dict[str, Any] = {"sound": 0, "damaged": []}
    for store in stores:
        states = verify_stream(tasks, store, shard)
        total = len(shard.select(tasks))
        for task, state in cli.progress(states, label=store.stream, total=total, unit="videos"):
            document["sound"] += state.kind == "done"
            if state.kind == "damaged":
                document["damaged"].append({"stream": store.stream, "id": task.id, "reason": state.reason})
    damaged = document["damaged"]
    if as_json:
        cli.print_json(document)
    else:
        cli.echo(f"{document['sound']} files are unchanged, {len(damaged)} are damaged")
        for row in damaged:
            cli.echo(f"{row['stream']} '{row['id']}': {row['reason']}")
    if damaged:
        example = f"'{damaged[0]['id']}': {damaged[0]['reason']}"
        cli.echo(f"error: {len(damaged)} files are damaged; extract again to replace them; {example}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    cli.run(main)

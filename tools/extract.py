"""extract OUT --flow NAME --pose NAME: streams from the videos of a prepared dataset; resumable, one decode a video."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

import cli
from fusion.index.extraction_summary import profile_line, summary_of
from fusion.index.index import Index, load_index
from fusion.index.stream_index import FAILURES, StreamStatus, join, status_of, tasks_of
from modalities.checks import InputError, fail
from modalities.extraction import (
    Build,
    Extractor,
    LocalWorkers,
    Outcome,
    Shard,
    StreamFiles,
    StreamStore,
    Workers,
    extraction,
    verification,
)
from modalities.extraction.ray_workers import RayWorkers
from modalities.flow import FlowExtractor, FlowFiles
from modalities.flow.estimators import ESTIMATORS, build_estimator, check_estimator_name, stream_of_name
from modalities.flow.importer import FlowImporter
from modalities.flow.storage.denseflow import BOUND
from modalities.skeleton.pose_estimation import build_pose_estimator
from modalities.skeleton.pose_estimation.extractor import PoseExtractor, PoseFiles

FILES: dict[str, Callable[[str], StreamFiles]] = {"flow": FlowFiles, "pose": PoseFiles}
"""By the first word of a stream's name, how its files are read."""


def build(makers: Sequence[Callable[[], Extractor]]) -> list[Extractor]:
    """The extractors that the options ask for; every worker makes its own."""
    return [make() for make in makers]


def make_flow(name: str, options: dict[str, Any]) -> FlowExtractor:
    return FlowExtractor(build_estimator(name, **options))


def make_import(name: str, folder: Path, bound: float, videos: dict[str, Path]) -> FlowImporter:
    return FlowImporter(name, folder, videos, bound=bound)


def make_pose(name: str, smooth: int | None, **options: Any) -> PoseExtractor:
    return PoseExtractor(build_pose_estimator(name, **options), smooth=smooth)


class ShardType(click.ParamType):
    name = "i/n"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        try:
            return value if isinstance(value, Shard) else Shard.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class FlowType(click.ParamType):
    name = "NAME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return check_estimator_name(value)
        except InputError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--flow",
    type=FlowType(),
    help=f"{', '.join(ESTIMATORS)} or ptlflow:MODEL, stream flow_NAME; NAME@256 scales frames to that short side.",
)
@click.option("--weights", type=click.Path(path_type=Path), help="Of --flow: a file, or random:SEED for none.")
@click.option("--iterations", type=int, help="RAFT's refinements (12).")
@click.option("--warm-start", is_flag=True, help="Fast RAFT: a pair begins with the flow of the one before.")
@click.option(
    "--import-flow",
    "imported",
    type=(str, click.Path(path_type=Path)),
    metavar="NAME FOLDER",
    help="Flow as FOLDER/<video>/flow_x_00001.jpg, flow_y_… (denseflow); the stream is flow_NAME.",
)
@click.option("--bound", type=float, help=f"Pixels that the imported pictures reach to ({BOUND:g}).")
@click.option("--pose", metavar="NAME", help="2D poses under a name of your choice; the stream is pose_NAME.")
@click.option(
    "--pose-weights", type=click.Path(path_type=Path), help="ONNX file (heat maps, SimCC) or mmpose checkpoint."
)
@click.option("--pose-config", type=click.Path(path_type=Path), help="mmpose's config of that checkpoint.")
@click.option("--detector", metavar="FILE|NAME", help="YOLOX as ONNX, a detector of torchvision's, or whole_frame.")
@click.option("--detector-weights", type=click.Path(path_type=Path), help="Of torchvision's detector.")
@click.option("--detect-every", type=click.IntRange(1), help="Frames from one detection to the next (1).")
@click.option("--smooth", type=int, help="Smooth joints over so many frames (Savitzky–Golay; off).")
@click.option("--device", default="cpu", show_default=True, help="Where networks run.")
@click.option("--workers", type=click.IntRange(1), help="Processes (2); with --ray, at most (all its CPUs or GPUs).")
@click.option("--ray", metavar="ADDRESS", help="Work on that Ray cluster: auto, HOST:6379, ray://HOST:10001.")
@click.option("--shard", type=ShardType(), help="Share i of n of the videos, i from 1, for n runs at once (Slurm).")
@click.option("--retry-failed", is_flag=True, help="Try those again that failed before.")
@click.option("--status", is_flag=True, help="Say what is done, failed and missing; bring what is done into the index.")
@click.option("--verify", is_flag=True, help="Read every stored file; damaged ones are removed, to be made again.")
@cli.json_option
def main(
    out: Path,
    flow: str | None,
    weights: Path | None,
    iterations: int | None,
    warm_start: bool,
    imported: tuple[str, Path] | None,
    bound: float | None,
    pose: str | None,
    pose_weights: Path | None,
    pose_config: Path | None,
    detector: str | None,
    detector_weights: Path | None,
    detect_every: int | None,
    smooth: int | None,
    device: str,
    workers: int | None,
    ray: str | None,
    shard: Shard | None,
    retry_failed: bool,
    status: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Extract optical flow, poses or both from every video of the dataset in OUT and add the streams to its index.

    Each video is decoded once. What is finished is skipped. A video that fails stops nothing: it is listed in
    OUT/<stream>/failures.json and not tried again, unless its file or the index changes. Shards leave the index alone;
    run --status, or the command without --shard, when they are done. --status and --verify take all streams, or those
    of --flow and --pose.
    """
    if status + verify + retry_failed > 1 or (status and shard):
        raise click.UsageError("--status, --verify and --retry-failed exclude each other; --status takes no --shard")
    if not pose and (pose_weights or pose_config or detector or detector_weights or detect_every or smooth is not None):
        those = "--pose-weights, --pose-config, --detector, --detector-weights, --detect-every, --smooth"
        raise click.UsageError(f"{those} go with --pose")
    if bound is not None and imported is None:
        raise click.UsageError("--bound goes with --import-flow")
    index = load_index(out)
    makers: dict[str, Callable[[], Extractor]] = {}  # by stream
    if flow:
        options = {"weights": weights, "iterations": iterations, "device": device, "warm_start": warm_start}
        makers[stream_of_name(flow)] = partial(make_flow, flow, options)
    if imported:
        videos = {task.id: task.video for task in tasks_of(index).values()}
        name, folder = imported
        makers[f"flow_{name}"] = partial(make_import, name, folder, BOUND if bound is None else bound, videos)
    if pose:
        makers[f"pose_{pose}"] = partial(
            make_pose,
            pose,
            smooth,
            weights=pose_weights,
            config=pose_config,
            detector=detector,
            detector_weights=detector_weights,
            every=detect_every or 1,
            device=device,
        )
    make = partial(build, list(makers.values()))
    if status:
        show_status(join(index.root, stores_of(index.root, makers)), as_json)
    elif verify:
        stores = [StreamStore.to_write(each, index.root) for each in make()] or stores_of(index.root, ())
        show_verified(index, stores, shard or Shard(), as_json)
    elif not makers:
        raise click.UsageError("Missing option '--flow', '--pose' or '--import-flow'.")
    else:
        gpus = int(device.startswith("cuda"))
        crew = RayWorkers(ray, number=workers, gpus=gpus) if ray else LocalWorkers(workers or 2)
        extract(index, make, crew, shard, retry_failed, as_json)


def stores_of(root: Path, streams: Collection[str]) -> list[StreamStore]:
    """The stores of these streams, or all that are there."""
    there = [path.parent.name for path in sorted(root.glob("*/provenance.json"))]
    names = streams or [name for name in there if name.partition("_")[0] in FILES]
    for name in names or ["extracted streams"]:
        if name not in there:
            fail(f"'{root}'", f"hold {name}", ", ".join(there) or "none", "extract with --flow NAME or --pose NAME")
    return [StreamStore.to_read(FILES[name.partition("_")[0]](name), root) for name in names]


def extract(index: Index, make: Build, crew: Workers, shard: Shard | None, retry_failed: bool, as_json: bool) -> None:
    tasks = list(dict.fromkeys(tasks_of(index).values()))
    with extraction(tasks, make, index.root, workers=crew, shard=shard, retry_failed=retry_failed) as run:
        total = sum(job.task.num_frames for job in run.jobs)
        label = " + ".join(store.stream for store in run.stores)
        for _ in cli.progress(run, label=label, total=total, unit="frames", size=frames_of):
            pass
    statuses = [status_of(store, run.tasks) for store in run.stores] if shard else join(index.root, run.stores)
    document = summary_of(run, statuses)
    if as_json:
        cli.print_json(document)
    else:
        for row in document["streams"]:
            click.echo(
                f"{row['stream']}: {row['extracted']} extracted, {row['skipped']} were finished, "
                f"{row['failed']} failed, {row['failed_before']} had failed before"
                f"{' (--retry-failed tries them again)' if row['failed_before'] else ''}; {row['bytes'] / 1e6:.1f} MB"
                + "".join(f", {count} {name}" for name, count in row["counts"].items() if count)
            )
        click.echo(profile_line(document["profile"]))
        if shard:
            click.echo(f"when all shards are done: python tools/extract.py {index.root} --status")
    if run.failures:
        (stream, first), reason = min(run.failures.items())
        where = index.root / stream / (f"failed/{first}.json" if shard else FAILURES)
        lost = f"{len({task for _, task in run.failures})} of {len(run.tasks)} videos failed"
        click.echo(f"error: {lost}, see '{where}'; '{first}': {reason}", err=True)
        sys.exit(1)


def frames_of(outcome: Outcome) -> int:
    return outcome.task.num_frames


def show_status(statuses: list[StreamStatus], as_json: bool) -> None:
    documents = [status.document() for status in statuses]
    if as_json:
        return cli.print_json({"streams": documents})
    click.echo(f"{'stream':20}{'videos':>9}{'done':>9}{'failed':>9}{'missing':>9}{'damaged':>9}{'MB':>10}")
    for row in documents:
        counts = [row["videos"], row["done"], *(len(row[key]) for key in ("failed", "missing", "damaged"))]
        click.echo(f"{row['stream']:20}" + "".join(f"{count:9}" for count in counts) + f"{row['bytes'] / 1e6:10.1f}")
    for row in documents:
        for kind in ("failed", "damaged"):
            for each in row[kind]:
                click.echo(f"{row['stream']} {kind} '{each['id']}': {each['reason']}")


def show_verified(index: Index, stores: list[StreamStore], shard: Shard, as_json: bool) -> None:
    tasks = list(dict.fromkeys(tasks_of(index).values()))
    document: dict[str, Any] = {"sound": 0, "damaged": []}
    for store in stores:
        found = verification(tasks, store, shard)
        for task, state in cli.progress(found, label=store.stream, total=len(shard.of(tasks)), unit="videos"):
            document["sound"] += state.kind == "done"
            if state.kind == "damaged":
                document["damaged"].append({"stream": store.stream, "id": task.id, "reason": state.reason})
    damaged = document["damaged"]
    if as_json:
        cli.print_json(document)
    else:
        click.echo(f"{document['sound']} files are as they were written, {len(damaged)} are not")
        for row in damaged:
            click.echo(f"{row['stream']} '{row['id']}': {row['reason']}")
    if damaged:
        first = f"'{damaged[0]['id']}': {damaged[0]['reason']}"
        click.echo(f"error: {len(damaged)} files are damaged, extract again and only they are made; {first}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    cli.run(main)

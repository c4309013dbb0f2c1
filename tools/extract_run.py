"""Run of extract by its options: builders of extractors, the run, and its summaries."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triad.fusion.index import Index
from triad.fusion.index.extraction_summary import extraction_summary, profile_line
from triad.fusion.index.stream_index import (
    FAILURES,
    VIDEO,
    extraction_tasks,
    join_streams,
    look_at_streams,
    stream_status,
    tasks_of_store,
)
from triad.modalities.atomic_files import StorageError
from triad.modalities.checks import fail
from triad.modalities.extraction import (
    Extractor,
    ExtractorFactory,
    LocalWorkers,
    Outcome,
    Shard,
    SharedWorker,
    StreamFiles,
    StreamStore,
    Workers,
    open_run,
    verify_stream,
)
from triad.modalities.features import FeatureFiles
from triad.modalities.flow import FlowExtractor, FlowFiles
from triad.modalities.flow.estimators import build_estimator
from triad.modalities.flow.importer import FlowImporter
from triad.modalities.objects.detector import build_object_detector
from triad.modalities.objects.extractor import ObjectExtractor, ObjectFiles
from triad.modalities.skeleton.pose_estimation import PoseExtractor, PoseFiles, build_pose_estimator
from triad.tools import cli

if TYPE_CHECKING:
    from triad.fusion.inference.feature_extraction import FeatureExtractor

FILES: dict[str, Callable[[str], StreamFiles]] = {
    "flow": FlowFiles,
    "pose": PoseFiles,
    "objects": ObjectFiles,
    "features": FeatureFiles,
}
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


def extract_features(
    index: Index, extractor: FeatureExtractor, shard: Shard | None, retry_failed: bool, as_json: bool
) -> None:
    """Extract features of every recording of the dataset, print the summary, and exit with 1 if one failed."""
    from triad.fusion.inference.feature_extraction import FeatureWorkers

    tasks = extraction_tasks(index, extractor.origin)
    records = {task.id: record for record in index.records if (task := tasks.get(record["id"])) is not None}
    workers = FeatureWorkers(records)
    extract(index, lambda: [extractor], workers, shard, retry_failed, as_json, origin=extractor.origin)


def choose_workers(num_workers: int | None, *, ray: str | None, device: str) -> Workers:
    """Return the workers of the options: processes, one process for a GPU, or those of a cluster.

    Args:
        num_workers: number of processes, or of videos at once on a GPU.
        ray: address of a Ray cluster.
        device: device of the networks.
    """
    on_gpu = device.startswith("cuda")
    if ray:
        from triad.modalities.extraction.ray_workers import RayWorkers

        return RayWorkers(ray, num_workers=num_workers, gpus=int(on_gpu))
    if on_gpu and num_workers != 1:
        return SharedWorker(num_workers)
    return LocalWorkers(num_workers or 2)


def open_stores(root: Path, streams: Collection[str]) -> list[StreamStore]:
    """Open the stores of these streams, or all existing ones where none is named."""
    existing = [path.parent.name for path in sorted(root.glob("*/provenance.json"))]
    names = streams or [name for name in existing if name.partition("_")[0] in FILES]
    for name in names or ["extracted streams"]:
        if name not in existing:
            cure = "extract with --flow, --pose, --objects or --features"
            fail(f"'{root}'", f"hold {name}", ", ".join(existing) or "none", cure)
    return [StreamStore.to_read(FILES[name.partition("_")[0]](name), root) for name in names]


def extract(
    index: Index,
    build: ExtractorFactory,
    workers: Workers,
    shard: Shard | None,
    retry_failed: bool,
    as_json: bool,
    *,
    origin: str = VIDEO,
) -> None:
    """Run the extraction, print its summary, and exit with 1 if a video failed."""
    tasks = list(dict.fromkeys(extraction_tasks(index, origin).values()))
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


def print_status(root: Path, stores: list[StreamStore], as_json: bool) -> None:
    """Print the statuses of the stores, and add their finished files to the index where it can be written."""
    try:
        statuses = join_streams(root, stores)
    except StorageError as error:
        statuses, is_current = look_at_streams(root, stores)
        if not is_current:
            cli.echo(f"the index is not up to date: {error}", err=True)
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
    document: dict[str, Any] = {"sound": 0, "damaged": []}
    for store in stores:
        tasks = list(dict.fromkeys(tasks_of_store(index, store).values()))
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

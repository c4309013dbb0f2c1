"""extract OUT --flow NAME: make streams from the videos of a prepared dataset; resumable, one decode a video."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

import cli
from fusion.data.extracted import FAILURES, StreamStatus, join, status_of, video_tasks
from fusion.data.index import Index, load_index
from modalities.checks import fail
from modalities.extraction import Outcome, Run, Shard, StreamStore, extraction, verification
from modalities.extraction.workers import Build
from modalities.flow.estimators import ESTIMATORS, build_estimator
from modalities.flow.extractor import FlowExtractor, FlowFiles

FILES = {"flow": FlowFiles}
"""By the first word of a stream's name, how its files are read."""


def build(flow: str, weights: Path | None, iterations: int | None, device: str) -> list[FlowExtractor]:
    """The extractors that the options ask for; every worker makes its own."""
    return [FlowExtractor(build_estimator(flow, weights=weights, iterations=iterations, device=device))]


class ShardType(click.ParamType):
    name = "i/n"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        try:
            return value if isinstance(value, Shard) else Shard.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--flow", type=click.Choice(ESTIMATORS), help="Estimator; the stream is flow_NAME.")
@click.option("--weights", type=click.Path(path_type=Path), help="RAFT's weights: the official file or torchvision's.")
@click.option("--iterations", type=int, help="RAFT's refinements (12).")
@click.option("--device", default="cpu", show_default=True, help="Where RAFT runs.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Processes.")
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
    device: str,
    workers: int,
    shard: Shard | None,
    retry_failed: bool,
    status: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Extract optical flow from every video of the prepared dataset in OUT and add the stream to its index.

    What is finished is skipped. A video that fails stops nothing: it is listed in OUT/<stream>/failures.json and not
    tried again, unless its file or the index changes. Shards leave the index alone; run --status, or the command
    without --shard, when they are done. --status and --verify take all streams, or the one of --flow.
    """
    if status + verify + retry_failed > 1 or (status and shard):
        raise click.UsageError("--status, --verify and --retry-failed exclude each other; --status takes no --shard")
    index = load_index(out)
    make = partial(build, flow, weights, iterations, device) if flow else None
    if status:
        show_status(join(index.root, stores_of(index.root, f"flow_{flow}" if flow else None)), as_json)
    elif verify:
        stores = [StreamStore.to_write(each, index.root) for each in make()] if make else stores_of(index.root, None)
        show_verified(index, stores, shard or Shard(), as_json)
    elif make is None:
        raise click.UsageError("Missing option '--flow'.")
    else:
        extract(index, make, workers, shard, retry_failed, as_json)


def stores_of(root: Path, stream: str | None) -> list[StreamStore]:
    """The stores that are there, or the one of a stream."""
    names = [path.parent.name for path in sorted(root.glob("*/provenance.json"))]
    names = [name for name in names if name.partition("_")[0] in FILES and stream in (None, name)]
    if not names:
        fail(f"'{root}'", f"hold {stream or 'extracted streams'}", "none", "extract with --flow NAME")
    return [StreamStore.to_read(FILES[name.partition("_")[0]](name), root) for name in names]


def extract(index: Index, make: Build, workers: int, shard: Shard | None, retry_failed: bool, as_json: bool) -> None:
    tasks = list(dict.fromkeys(video_tasks(index).values()))
    with extraction(tasks, make, index.root, workers=workers, shard=shard, retry_failed=retry_failed) as run:
        (store,) = run.stores
        total = sum(job.task.num_frames for job in run.jobs)
        for _ in cli.progress(run, label=store.stream, total=total, unit="frames", size=frames_of):
            pass
    (status,) = [status_of(store, run.tasks)] if shard else join(index.root, run.stores)
    document = summary(run, status)
    if as_json:
        cli.print_json(document)
    else:
        click.echo(
            f"{store.stream}: {document['extracted']} extracted, {document['skipped']} were finished, "
            f"{document['failed']} failed, {document['failed_before']} had failed before; {status.bytes / 1e6:.1f} MB"
        )
        click.echo(profile(document["profile"]))
        if shard:
            click.echo(f"when all shards are done: python tools/extract.py {index.root} --status")
    if run.failures:
        (_, first), reason = min(run.failures.items())
        where = store.folder / (f"failed/{first}.json" if shard else FAILURES)
        lost = f"{len(run.failures)} of {len(run.tasks)} videos failed"
        click.echo(f"error: {lost}, see '{where}'; '{first}': {reason}", err=True)
        sys.exit(1)


def frames_of(outcome: Outcome) -> int:
    return outcome.task.num_frames


def summary(run: Run, status: StreamStatus) -> dict[str, Any]:
    extracted = len(run.jobs) - len(run.failures)
    return {
        "stream": status.stream,
        "videos": len(run.tasks),
        "extracted": extracted,
        "skipped": len(status.done) - extracted,
        "failed": len(run.failures),
        "failed_before": len(status.failed) - len(run.failures),
        "bytes": status.bytes,
        "clipped": status.count("clipped"),
        "profile": {
            "wall": run.wall,
            "workers": run.workers,
            "frames_per_second": run.frames / run.wall if run.wall else 0.0,
            "seconds": run.seconds,
        },
    }


def profile(found: dict[str, Any]) -> str:
    total = sum(found["seconds"].values()) or 1.0
    shares = ", ".join(f"{name} {seconds / total:.0%}" for name, seconds in found["seconds"].items())
    return f"{shares} of {found['workers']} × {found['wall']:.1f} s; {found['frames_per_second']:.0f} frames/s"


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
    tasks = list(dict.fromkeys(video_tasks(index).values()))
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

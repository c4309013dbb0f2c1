"""extract OUT --flow NAME: make streams from the videos of a prepared dataset; resumable, one decode a video."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

import cli
from fusion.data.extracted import add_stream, video_tasks
from fusion.data.index import load_index
from modalities.extraction import extract, file_of, unfinished
from modalities.flow.estimators import ESTIMATORS, build_estimator
from modalities.flow.extractor import FlowExtractor
from modalities.store import write_json

FAILURES = "failures.json"


def build(flow: str, weights: Path | None, iterations: int | None, device: str) -> list[FlowExtractor]:
    """The extractors that the options ask for; every worker makes its own."""
    return [FlowExtractor(build_estimator(flow, weights=weights, iterations=iterations, device=device))]


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--flow", required=True, type=click.Choice(ESTIMATORS), help="Estimator; the stream is flow_NAME.")
@click.option("--weights", type=click.Path(path_type=Path), help="RAFT's weights: the official file or torchvision's.")
@click.option("--iterations", type=int, help="RAFT's refinements (12).")
@click.option("--device", default="cpu", show_default=True, help="Where RAFT runs.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Processes.")
@cli.json_option
def main(
    out: Path,
    flow: str,
    weights: Path | None,
    iterations: int | None,
    device: str,
    workers: int,
    as_json: bool,
) -> None:
    """Extract optical flow from every video of the prepared dataset in OUT and add the stream to its index.

    What is finished is skipped; a video that fails is listed in OUT/<stream>/failures.json and stops nothing.
    """
    index = load_index(out)
    make = partial(build, flow, weights, iterations, device)
    (extractor,) = make()
    tasks = list(dict.fromkeys(video_tasks(index).values()))
    todo = unfinished(tasks, [extractor], index.root)
    failures = []
    for task, error in cli.progress(
        extract(todo, make, index.root, workers=min(workers, max(len(todo), 1))),
        label=extractor.stream,
        total=len(todo),
    ):
        if error is not None:
            failures.append({"id": task.id, "video": str(task.video), "reason": error})
    failures.sort(key=lambda row: row["id"])
    store = index.root / extractor.stream
    write_json(store / FAILURES, failures)
    _, sums = add_stream(index, extractor, modality="flow", lag=1)
    size = sum(path.stat().st_size for task in tasks if (path := file_of(task, extractor, index.root)).exists())
    document = {
        "stream": extractor.stream,
        "videos": len(tasks),
        "extracted": len(todo) - len(failures),
        "skipped": len(tasks) - len(todo),
        "failed": len(failures),
        "bytes": size,
        "clipped": sums.get("clipped", 0),
    }
    if as_json:
        cli.print_json(document)
    else:
        click.echo(
            f"{extractor.stream}: {document['extracted']} extracted, {document['skipped']} were finished, "
            f"{document['failed']} failed; {size / 1e6:.1f} MB"
        )
    if failures:
        first = f"'{failures[0]['id']}': {failures[0]['reason']}"
        click.echo(f"error: {len(failures)} of {len(tasks)} videos failed, see '{store / FAILURES}'; {first}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    cli.run(main)

"""lift OUT --stream NAME --config FILE --checkpoint FILE: make 3D skeletons of 2D poses of a prepared dataset."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from triad import CONFIGS
from triad.tools import cli


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--stream", required=True, help="Stream of 2D poses: pose_NAME as extracted, or skeleton.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=CONFIGS / "estimators/tcn27_lift.py",
    help="Config of the lifter: ours (default: configs/estimators/tcn27_lift.py), or one of mmpose.",
)
@click.option(
    "--checkpoint",
    required=True,
    type=click.Path(path_type=Path),
    help="Weights of the lifter, or the work folder of its training.",
)
@click.option("--retry-failed", is_flag=True, help="Lift recordings again that failed before.")
@cli.json_option
def main(out: Path, stream: str, config: Path, checkpoint: Path, retry_failed: bool, as_json: bool) -> None:
    """Lift a stream of 2D poses to 3D skeletons and add the new stream to the index.

    Joints are metres about each person's root. Stream pose_NAME gives lifted_NAME; no video is read. Finished
    recordings are skipped. Recordings that fail are listed in OUT/<stream>/failures.json and do not stop the others.
    """
    from triad.fusion.estimators.lifting.checkpoints import load_lifter
    from triad.fusion.estimators.lifting.lift_stream import lift_stream

    track = partial(cli.progress, label="lifting", unit="recordings")
    summary = lift_stream(out, stream, load_lifter(config, checkpoint), retry_failed=retry_failed, track=track)
    failures = summary.failures
    if as_json:
        counts = {"lifted": summary.num_lifted, "skipped": summary.num_skipped}
        cli.print_json({"stream": summary.stream, **counts, "failed": failures})
    else:
        counts_text = f"{summary.num_lifted} lifted, {summary.num_skipped} skipped, {len(failures)} failed"
        cli.echo(f"{summary.stream}: {counts_text}")
    if failures:
        record_id, reason = min(failures.items())
        path = out / summary.stream / "failures.json"
        cli.echo(f"error: {len(failures)} failed, see '{path}'; '{record_id}': {reason}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    cli.run(main)

"""lift OUT --stream NAME --config FILE --checkpoint FILE: 2D poses of a prepared dataset as 3D skeletons."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

import cli


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--stream", required=True, help="2D poses of OUT: pose_NAME as extracted, or skeleton.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path(__file__).resolve().parents[1] / "configs/estimators/tcn27_lift.py",
    help="Of the lifter: ours (default: configs/estimators/tcn27_lift.py), or one of mmpose.",
)
@click.option("--checkpoint", required=True, type=click.Path(path_type=Path), help="Its weights, or a work folder.")
@click.option("--retry-failed", is_flag=True, help="Try those again that failed before.")
@cli.json_option
def main(out: Path, stream: str, config: Path, checkpoint: Path, retry_failed: bool, as_json: bool) -> None:
    """Lift a stream of 2D poses to 3D skeletons, metres about each person's root, and add the stream to the index.

    No video is read. pose_NAME becomes lifted_NAME. What is finished is skipped; a recording that fails stops nothing:
    it is listed in OUT/<stream>/failures.json.
    """
    from fusion.estimators.lifting.checkpoints import load_lifter
    from fusion.estimators.lifting.lift_stream import lift_stream

    track = partial(cli.progress, label="lifting", unit="recordings")
    done = lift_stream(out, stream, load_lifter(config, checkpoint), retry_failed=retry_failed, track=track)
    if as_json:
        document = {"stream": done.stream, "lifted": done.made, "skipped": done.skipped, "failed": done.failures}
        cli.print_json(document)
    else:
        click.echo(f"{done.stream}: {done.made} lifted, {done.skipped} were settled, {len(done.failures)} failed")
    if done.failures:
        first, reason = min(done.failures.items())
        where = out / done.stream / "failures.json"
        click.echo(f"error: {len(done.failures)} failed, see '{where}'; '{first}': {reason}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    cli.run(main)

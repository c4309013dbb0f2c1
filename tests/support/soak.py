"""Prediction of hours of video, with its memory over time.

By hand, six hours of 320×240 through RGB, flow and skeleton with the film, and an hour of live mode whose lines are
read slower than they come::

    PYTHONPATH=. python tests/support/soak.py work_dirs/soak --minutes 360
    PYTHONPATH=. python tests/support/soak.py work_dirs/soak --minutes 60 --live
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import av
import click
import numpy as np

from triad.modalities.atomic_files import write_arrays
from triad.modalities.video import write_video

FPS = 30
SKELETON_FPS = 10
HEIGHT, WIDTH = 240, 320
LOOP_SECONDS = 10
"""Length of the video that is repeated."""
LIVE_INTERVAL = 0.25
READ_INTERVAL = 2.0
"""Seconds from one line that is read of live mode to the next."""
PIPE_SIZE = 4096
"""Bytes that wait for the reader of live mode; the writer waits for room."""
WARM_UP = 0.3
"""Share of the run that is not judged."""


class Sample(NamedTuple):
    """State of a process at one time.

    Attributes:
        seconds: seconds since it started.
        megabytes: memory that it holds.
        files: number of its open files.
        temporary_files: number of files in the folder for temporary files.
    """

    seconds: float
    megabytes: float
    files: int
    temporary_files: int


def write_long_video(path: Path, minutes: float) -> None:
    """Write a video of noise that drifts; the packets of ten seconds are repeated, which takes no encoding."""
    rng = np.random.default_rng(0)
    wide = rng.integers(0, 255, (HEIGHT // 8, 2 * WIDTH // 8, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    loop = path.with_name("loop.mp4")
    shifts = np.abs(np.arange(LOOP_SECONDS * FPS) - LOOP_SECONDS * FPS // 2) * 2 % WIDTH
    write_video(loop, (wide[:, shift : shift + WIDTH] for shift in shifts), fps=FPS, crf=30)
    with av.open(str(loop)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        length = round(LOOP_SECONDS / stream.time_base)
        times = [(packet.pts, packet.dts) for packet in packets]
        for number in range(round(minutes * 60 / LOOP_SECONDS)):
            for packet, (pts, dts) in zip(packets, times, strict=True):
                packet.stream = copy
                packet.pts = pts + number * length
                packet.dts = dts + number * length
                packet.time_base = stream.time_base
                target.mux(packet)


def write_long_skeleton(path: Path, minutes: float, num_joints: int) -> None:
    """Write a skeleton that sways, ten poses a second."""
    times = np.arange(round(minutes * 60 * SKELETON_FPS)) / SKELETON_FPS
    rest = np.random.default_rng(0).normal(0, 0.4, (1, num_joints, 3)) + np.array([0, 0, 3])
    joints = (rest + 0.1 * np.sin(times)[:, None, None])[None].astype(np.float32)
    write_arrays(path, keypoints=joints, scores=np.ones(joints.shape[:3], np.float32))


def predict_words(models: Path, video: Path, out: Path, *, live: bool) -> list[str]:
    """Return the command of a run with the work folders in ``models``."""
    streams = ("rgb", "flow_dis") if live else ("rgb", "flow_dis", "skeleton")
    checkpoints = [models / stream for stream in streams]
    words: list[object] = [sys.executable, "-m", "triad", "predict", video, "--out", out, "--threads", 1]
    words += [word for checkpoint in checkpoints for word in ("--checkpoint", checkpoint)]
    if live:
        words += ["--live-interval", LIVE_INTERVAL]
    else:
        skeleton = video.with_suffix(".npz")
        words += ["--skeleton", skeleton, "--skeleton-fps", SKELETON_FPS, "--layout", "minihome16"]
    return list(map(str, words))


def watch(words: Sequence[str], folder: Path, *, slow_reader: bool) -> Iterator[Sample]:
    """Run a command to its end and yield its state every two seconds.

    Args:
        words: words of the command.
        folder: folder for its temporary files and its messages.
        slow_reader: whether a line of its output is read only every :data:`READ_INTERVAL` seconds.
    """
    temporary = folder / "temporary"
    temporary.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"TMPDIR": str(temporary)}
    read_end, write_end = os.pipe()
    if slow_reader:
        import fcntl

        fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
    with (folder / "messages").open("wb") as messages:
        output = write_end if slow_reader else messages
        process = subprocess.Popen(words, stdout=output, stderr=messages, env=environment)
        os.close(write_end)
        begin = time.monotonic()
        with open(read_end, "rb", buffering=0) as lines:
            while process.poll() is None:
                time.sleep(READ_INTERVAL)
                if slow_reader:
                    lines.read(80)
                if (sample := take_sample(process.pid, time.monotonic() - begin, temporary)) is not None:
                    yield sample
    assert process.returncode == 0, (folder / "messages").read_text()[-2000:]


def take_sample(process: int, seconds: float, temporary: Path) -> Sample | None:
    """Return the state of a process; None where it has just ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        files = len(os.listdir(f"/proc/{process}/fd"))
    except (OSError, IndexError):
        return None
    if not pages:  # it has ended
        return None
    return Sample(seconds, pages * os.sysconf("SC_PAGE_SIZE") / 1e6, files, len(list(temporary.rglob("*"))))


def growth(samples: Sequence[Sample]) -> float:
    """Return by how many megabytes memory grew from the warm-up to the end, by the medians of both thirds."""
    judged = samples[round(WARM_UP * len(samples)) : -1]
    third = max(len(judged) // 3, 1)
    begin, end = (np.median([sample.megabytes for sample in part]) for part in (judged[:third], judged[-third:]))
    return float(end - begin)


def write_soak(folder: Path, models: Path, minutes: float, *, live: bool) -> list[str]:
    """Write the inputs of a run, and return its command."""
    folder.mkdir(parents=True, exist_ok=True)
    video = folder / "video.mp4"
    write_long_video(video, minutes)
    write_long_skeleton(video.with_suffix(".npz"), minutes, num_joints=16)
    return predict_words(models, video, folder / ("live" if live else "film"), live=live)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--minutes", type=float, default=360.0, show_default=True, help="Length of the video.")
@click.option("--live", is_flag=True, help="Live mode with a slow reader, in real time.")
def main(folder: Path, minutes: float, live: bool) -> None:
    """Train three small models in FOLDER where it has none, predict a long video, and print memory over time."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from conftest import write_tiny
    from predicted_streams import train_streams

    folder = folder.absolute()
    models = folder / "models"
    if not (models / "trimmed.npz").exists():
        with tempfile.TemporaryDirectory() as tiny:
            write_tiny(Path(tiny))
            models.mkdir(parents=True, exist_ok=True)
            train_streams(Path(tiny), models)
    samples = []
    step = max(minutes / 20, 0.1) * 60
    for sample in watch(write_soak(folder, models, minutes, live=live), folder, slow_reader=live):
        if not samples or sample.seconds // step > samples[-1].seconds // step:
            click.echo(f"{sample.seconds:7.0f} s {sample.megabytes:7.0f} MB {sample.files:4} open files")
        samples.append(sample)
    click.echo(f"memory grew by {growth(samples):.1f} MB after the warm-up")


if __name__ == "__main__":
    main()

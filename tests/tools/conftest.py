"""Commands as a user starts them, run in this process because importing torch takes longer than most tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from predicted_streams import train_streams
from tool_runs import CONFIGS, IN_PROCESS, run_tool, twelve_clips

from triad.fusion.predictions import Predictions

SMALL = {
    "rgb": ["streams.rgb.num_frames=2", "streams.rgb.transform.size=[28,28]"],
    "flow_dis": ["streams.flow_dis.num_frames=2", "streams.flow_dis.transform.size=[28,28]"],
    "skeleton": [
        "streams.skeleton.num_frames=4",
        "streams.skeleton.encoder.widths=(16,32,32)",
    ],
}
Result = tuple[int, str, str]
"""Exit code, standard output and standard error."""


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run a tool as ``python tools/NAME …`` does."""

    def run(name: str, *words: object) -> Result:
        return run_tool(name, *words), *capsys.readouterr()

    return run


@pytest.fixture
def train(command: Callable[..., Result]) -> Callable[..., tuple[int, str]]:
    """Train a stream for one epoch into a folder beside the dataset; return exit code and standard error."""

    def run(stream: str, data: Path, *options: str, workers: int = 0) -> tuple[int, str]:
        brief = ["train_cfg.max_epochs=1", "train_cfg.val_interval=9", *([] if workers else IN_PROCESS)]
        words = ["--data", data, "--work-dir", data.parent / stream]
        code, out, err = command("train.py", CONFIGS[stream], *words, "--cfg-options", *SMALL[stream], *brief, *options)
        assert out == ""
        return code, err

    return run


@pytest.fixture
def recipes() -> dict[str, tuple[Path, list[str]]]:
    """Config of each stream, and the options that make its model small."""
    return {stream: (CONFIGS[stream], SMALL[stream]) for stream in CONFIGS}


@pytest.fixture
def data(tiny: Path, tmp_path: Path) -> Path:
    """Twelve clips of the tiny dataset, see :func:`twelve_clips`."""
    return twelve_clips(tiny, tmp_path / "data")


@pytest.fixture(scope="session")
def home(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of three trained streams, see :func:`train_streams`."""
    folder = tmp_path_factory.mktemp("predict")
    train_streams(tiny, folder)
    return folder


@pytest.fixture
def one_line() -> Callable[[str], str]:
    """Return the one line of an error after progress bars and training lines alone."""

    def line_of(err: str) -> str:
        *progress_lines, line = err.strip().splitlines()
        assert line.startswith("error: "), err
        assert all("0:0" in line or line.startswith("training on ") for line in progress_lines), err
        return line

    return line_of


@pytest.fixture
def scored(tmp_path: Path) -> Callable[..., Path]:
    """Write predictions of samples named ``<prefix><number>`` as ``<prefix>.npz``."""

    def write(prefix: str, numbers: range, *, stream: str = "rgb", name: str | None = None) -> Path:
        labels = np.arange(len(numbers)) % 2
        path = tmp_path / f"{name or prefix}.npz"
        Predictions(
            ids=[f"{prefix}{number}" for number in numbers],
            labels=labels,
            classes=("a", "b"),
            scores={stream: np.eye(2)[labels]},
            kinds={stream: "logit"},
        ).save(path)
        return path

    return write

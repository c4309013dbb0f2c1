"""Commands as a user starts them, in this process: importing torch takes longer than most tests."""

from __future__ import annotations

import json
import runpy
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fusion.evaluation import Predictions

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = {
    "rgb": ROOT / "configs/rgb/r2plus1d_small_minihome.py",
    "flow_dis": ROOT / "configs/flow/r2plus1d_small_minihome.py",
    "skeleton": ROOT / "configs/skeleton/stgcnpp_minihome.py",
}
SMALL = {
    "rgb": ["streams.rgb.count=2", "streams.rgb.transform.size=[28,28]"],
    "flow_dis": ["streams.flow_dis.count=2", "streams.flow_dis.transform.size=[28,28]"],
    "skeleton": [
        "streams.skeleton.count=4",
        "streams.skeleton.encoder.widths=(16,32,32)",
    ],
}
IN_PROCESS = ["train_dataloader.num_workers=0", "train_dataloader.persistent_workers=False"]
Done = tuple[int, str, str]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run a tool as ``python tools/NAME.py …`` does: exit code, standard output, standard error."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))

    def run(name: str, *words: object) -> Done:
        monkeypatch.setattr(sys, "argv", [name, *map(str, words)])
        with pytest.raises(SystemExit) as done:
            runpy.run_path(str(ROOT / "tools" / name), run_name="__main__")
        return done.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def train(command: Callable[..., Done]) -> Callable[..., tuple[int, str]]:
    """Train a stream of a dataset for one epoch, beside it, without a data worker: exit code, standard error."""

    def run(stream: str, data: Path, *options: str, workers: int = 0) -> tuple[int, str]:
        brief = ["train_cfg.max_epochs=1", "train_cfg.val_interval=9", *([] if workers else IN_PROCESS)]
        words = ["--data", data, "--work-dir", data.parent / stream]
        code, out, err = command("train.py", CONFIGS[stream], *words, "--cfg-options", *SMALL[stream], *brief, *options)
        assert out == ""
        return code, err

    return run


@pytest.fixture
def recipes() -> dict[str, tuple[Path, list[str]]]:
    """The config of each stream, and the options that make its model small."""
    return {stream: (CONFIGS[stream], SMALL[stream]) for stream in CONFIGS}


@pytest.fixture
def data(tiny: Path, tmp_path: Path) -> Path:
    """Twelve clips of the tiny dataset, four a class: subjects 1 and 3 train, 4 validates, 2 tests."""
    index = json.loads((tiny / "index.json").read_text())
    keep = [record for record in index["data_list"] if record["subject"] in ("s01", "s02", "s03", "s04")]
    for record in keep:
        for source in record["sources"].values():
            target = tmp_path / "data" / source["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(tiny / source["path"], target)
    (tmp_path / "data/index.json").write_text(json.dumps(index | {"data_list": keep}))
    return tmp_path / "data"


@pytest.fixture
def one_line() -> Callable[[str], str]:
    """The one line of an error, behind nothing but a progress bar."""

    def line_of(err: str) -> str:
        *before, line = err.strip().splitlines()
        assert line.startswith("error: "), err
        assert all("0:0" in other for other in before), err
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

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fusion.evaluation import Predictions

ROOT = Path(__file__).resolve().parents[2]


def command(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, words)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def files(tmp_path):
    labels = np.arange(48) % 4
    for split in ("val", "test"):
        for seed, (stream, confused) in enumerate({"rgb": (0, 1), "flow_dis": (2, 3)}.items()):
            signal = 6 * np.eye(4)
            signal[list(confused)] = signal[list(confused)].mean(axis=0)
            noise = np.random.default_rng([seed, len(split)]).normal(size=(48, 4))
            Predictions(
                ids=[f"{split}{number:04d}" for number in range(48)],
                labels=labels,
                classes=("cup", "can", "sit", "rise"),
                scores={stream: signal[labels] + noise},
                kinds={stream: "logit"},
            ).save(tmp_path / f"{split}_{stream}.npz")
    return tmp_path


def test_fuse_takes_several_files_after_fit(files):
    done = command(
        "tools/fuse.py", files / "test_rgb.npz", files / "test_flow_dis.npz",
        "--fit", files / "val_rgb.npz", files / "val_flow_dis.npz",
        "--method", "product", "--out", files / "fused.npz", "--save", files / "head.skops", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["streams"] == ["rgb", "flow_dis"]
    assert (files / "fused.npz").is_file()
    assert (files / "head.skops").is_file()


def test_ablate_writes_the_document_and_the_page(files):
    done = command(
        "tools/ablate.py", files / "test_rgb.npz", files / "test_flow_dis.npz",
        "--fit", files / "val_rgb.npz", files / "val_flow_dis.npz", "--out", files / "out",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "rgb+flow_dis" in done.stdout
    rows = json.loads((files / "out" / "ablation.json").read_text())["rows"]
    assert sum(row["selected"] for row in rows) == 3
    assert (files / "out" / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_one_line_and_an_exit_code_for_each_mistake(files):
    wrong_set = command(
        "tools/fuse.py", files / "test_rgb.npz", files / "val_flow_dis.npz", "--fit", files / "val_rgb.npz"
    )
    assert wrong_set.returncode == 1
    assert len(wrong_set.stderr.strip().splitlines()) == 1
    assert "missing: 'test0000', 'test0001', 'test0002', …" in wrong_set.stderr
    misspelt = command("tools/fuse.py", files / "test_rgb.npz", "--fti", files / "val_rgb.npz")
    assert misspelt.returncode == 2
    assert "--fit" in misspelt.stderr

"""The command ablate on predictions files."""

from __future__ import annotations

import json

import pytest
from hand_made_predictions import write_two_streams


@pytest.fixture
def files(tmp_path):
    write_two_streams(tmp_path)
    return tmp_path


def test_document_and_page_are_written(command, files):
    code, out, err = command(
        "ablate.py", files / "test_rgb.npz", files / "test_flow_dis.npz",
        "--fit", files / "val_rgb.npz", files / "val_flow_dis.npz", "--out", files / "out",
    )  # fmt: skip
    assert code == 0, err
    assert "rgb+flow_dis" in out
    document = json.loads((files / "out/ablation.json").read_text())
    assert sum(row["selected"] for row in document["rows"]) == 3
    assert document["num_validation"] == 48
    assert (files / "out/report.html").read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["test_rgb.npz"], "predictions need --fit VAL..."),
        (["test_rgb.npz", "--fit", "val_rgb.npz", "--split", "test"], "--split goes with CONFIG CHECKPOINT"),
        (["test_rgb.npz", "--fit", "val_rgb.npz", "--config", "c.py"], "--config and --checkpoint go together"),
        (["config.py"], "a joint model takes CONFIG CHECKPOINT"),
    ],
)
def test_wrong_usage_exits_with_two(command, files, words, message):
    code, _, err = command("ablate.py", *words, "--out", files / "out")
    assert code == 2
    assert message in err

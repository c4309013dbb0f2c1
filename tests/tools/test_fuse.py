"""The command fuse: learned and fixed weights, its files, its errors."""

from __future__ import annotations

import json

import pytest
from hand_made_predictions import write_two_streams


@pytest.fixture
def files(tmp_path):
    write_two_streams(tmp_path)
    return tmp_path


def test_several_files_follow_fit(command, files):
    code, out, err = command(
        "fuse.py", files / "test_rgb.npz", files / "test_flow_dis.npz",
        "--fit", files / "val_rgb.npz", files / "val_flow_dis.npz",
        "--method", "product", "--out", files / "fused.npz", "--save", files / "fusion.skops", "--json",
    )  # fmt: skip
    assert code == 0, err
    assert json.loads(out)["streams"] == ["rgb", "flow_dis"]
    assert (files / "fused.npz").is_file()
    assert (files / "fusion.skops").is_file()


def test_weights_by_position_need_no_fit(command, files):
    code, out, err = command(
        "fuse.py", files / "test_rgb.npz", files / "test_flow_dis.npz", "--weights", "2", "1", "--json"
    )
    assert code == 0, err
    summary = json.loads(out)
    assert summary["weights"] == pytest.approx({"rgb": 2 / 3, "flow_dis": 1 / 3})
    assert (summary["method"], summary["temperatures"]) == ("mean", {"rgb": 1.0, "flow_dis": 1.0})


def test_weights_by_name_are_printed(command, files):
    code, out, err = command(
        "fuse.py", files / "test_rgb.npz", files / "test_flow_dis.npz",
        "--weights", "rgb=2", "flow_dis=1", "--method", "product",
    )  # fmt: skip
    assert code == 0, err
    assert out.startswith("product of rgb, flow_dis: fixed weights\n  weight 0.667  temperature 1.00  rgb\n")


@pytest.mark.parametrize("words", [[], ["--fit", "val_rgb.npz", "--weights", "1", "1"]])
def test_fit_or_weights_is_required(command, files, words):
    code, _, err = command("fuse.py", files / "test_rgb.npz", files / "test_flow_dis.npz", *words)
    assert code == 2
    assert "give --fit VAL... to learn from, or --weights W... to take as they are" in err


def test_different_samples_give_one_line(command, files):
    code, _, err = command(
        "fuse.py", files / "test_rgb.npz", files / "val_flow_dis.npz", "--fit", files / "val_rgb.npz"
    )
    assert code == 1
    assert len(err.strip().splitlines()) == 1
    assert "missing: 'test0000', 'test0001', 'test0002', …" in err


def test_misspelt_option_names_the_nearest(command, files):
    code, _, err = command("fuse.py", files / "test_rgb.npz", "--fti", files / "val_rgb.npz")
    assert code == 2
    assert "--fit" in err

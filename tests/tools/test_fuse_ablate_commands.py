import json

import numpy as np
import pytest

from fusion.predictions import Predictions


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


def test_fuse_takes_several_files_after_fit(command, files):
    code, out, err = command(
        "fuse.py", files / "test_rgb.npz", files / "test_flow_dis.npz",
        "--fit", files / "val_rgb.npz", files / "val_flow_dis.npz",
        "--method", "product", "--out", files / "fused.npz", "--save", files / "head.skops", "--json",
    )  # fmt: skip
    assert code == 0, err
    assert json.loads(out)["streams"] == ["rgb", "flow_dis"]
    assert (files / "fused.npz").is_file()
    assert (files / "head.skops").is_file()


def test_fuse_takes_given_weights_without_fit(command, files):
    tests = (files / "test_rgb.npz", files / "test_flow_dis.npz")
    code, out, err = command("fuse.py", *tests, "--weights", "2", "1", "--json")
    assert code == 0, err
    summary = json.loads(out)
    assert summary["weights"] == pytest.approx({"rgb": 2 / 3, "flow_dis": 1 / 3})
    assert (summary["method"], summary["temperatures"]) == ("mean", {"rgb": 1.0, "flow_dis": 1.0})
    code, out, err = command("fuse.py", *tests, "--weights", "rgb=2", "flow_dis=1", "--method", "product")
    assert code == 0, err
    assert out.startswith("product of rgb, flow_dis: fixed weights\n")
    for words in ((), ("--fit", files / "val_rgb.npz", "--weights", "1", "1")):
        code, _, err = command("fuse.py", *tests, *words)
        assert code == 2
        assert "give --fit VAL... to learn from, or --weights W... to take as they are" in err


def test_ablate_writes_the_document_and_the_page(command, files):
    code, out, err = command(
        "ablate.py", files / "test_rgb.npz", files / "test_flow_dis.npz",
        "--fit", files / "val_rgb.npz", files / "val_flow_dis.npz", "--out", files / "out",
    )  # fmt: skip
    assert code == 0, err
    assert "rgb+flow_dis" in out
    rows = json.loads((files / "out" / "ablation.json").read_text())["rows"]
    assert sum(row["selected"] for row in rows) == 3
    assert (files / "out" / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_one_line_and_an_exit_code_for_each_mistake(command, files):
    code, _, err = command(
        "fuse.py", files / "test_rgb.npz", files / "val_flow_dis.npz", "--fit", files / "val_rgb.npz"
    )
    assert code == 1
    assert len(err.strip().splitlines()) == 1
    assert "missing: 'test0000', 'test0001', 'test0002', …" in err
    code, _, err = command("fuse.py", files / "test_rgb.npz", "--fti", files / "val_rgb.npz")
    assert code == 2
    assert "--fit" in err

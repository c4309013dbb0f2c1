"""Training, testing, fusion and localization of clips that show several classes at once."""

from __future__ import annotations

import json

import numpy as np
import pytest
from dataset_files import write_lcrnet
from mmengine.config import Config
from tool_runs import CONFIGS, IN_PROCESS, ROOT
from untrimmed import write_untrimmed

from triad.fusion.predictions import Predictions

SMALL = (
    *("streams.rgb.num_frames=2", "streams.rgb.transform.size=[28,28]", "streams.rgb.encoder.widths=(8,16)"),
    *("streams.rgb.encoder.depths=(1,1)", "streams.rgb.encoder.temporal_strides=(1,1)", "train_cfg.max_epochs=2"),
)


@pytest.fixture
def untrimmed(tmp_path):
    return write_untrimmed(tmp_path / "data", extra={"P03T01C01": [(1.0, 4.0, 1)], "P02T01C01": [(1.0, 3.0, 1)]})


@pytest.fixture
def trained(command, untrimmed, tmp_path):
    work = tmp_path / "work"
    words = ("--data", untrimmed, "--work-dir", work, "--cfg-options", *SMALL, *IN_PROCESS, "model.loss=asymmetric")
    code, _, err = command("train.py", CONFIGS["rgb"], *words)
    assert code == 0, err
    return work


def test_whole_way_of_several_labels(command, untrimmed, trained, tmp_path):
    assert list(trained.glob("best_mean_average_precision*.pth"))
    dump = str(tmp_path / "{split}.npz")
    words = ("--data", untrimmed, "--split", "val", "--split", "test", "--dump", dump, "--json")
    code, out, err = command("test.py", CONFIGS["rgb"], trained, *words, "--cfg-options", *SMALL[:-1], "model.loss=bce")
    assert code == 0, err
    row = json.loads(out)["test"]
    assert 0 < row["mean_average_precision"] <= 1
    assert set(row["per_class"]) == {"bright", "dark"}
    predictions = Predictions.load(tmp_path / "test.npz")
    assert (predictions.kinds, predictions.labels.shape) == ({"rgb": "sigmoid"}, (7, 2))
    first = dict(zip(predictions.ids.tolist(), predictions.labels.tolist(), strict=True))
    assert first["P02T01C01_0002"] == [1, 1]  # 1 to 3 s, of which bright fills half
    words = ("--checkpoint", trained, "--window", 1, "--workers", 0, "--out", tmp_path / "localization", "--json")
    code, out, err = command("evaluate.py", "localization", untrimmed, *words)
    assert code == 0, err
    assert json.loads(out)["mean"]["frame_map"] > 0
    assert Predictions.load(tmp_path / "localization/test.npz").kinds == {"rgb": "sigmoid"}


def test_predict_and_export_of_several_labels(command, untrimmed, trained, tmp_path, one_line):
    words = ("--checkpoint", trained, "--window", 1, "--no-video", "--out", tmp_path / "p", "--json")
    code, out, err = command("predict.py", untrimmed / "P02T01C01.mp4", *words)
    assert code == 0, err
    top = json.loads(out)["windows"][0]["top"]
    assert len(top) == 2
    assert sum(item["probability"] for item in top) != pytest.approx(1, abs=1e-3)  # independent of each other
    code, _, err = command(
        "export.py", CONFIGS["rgb"], trained, tmp_path / "m.onnx", "--cfg-options", *SMALL[:-1], "model.loss=bce"
    )
    assert code == 1
    assert "must have one class a clip, as exported files do, got several" in one_line(err)


def test_leaf_of_untrimmed_joints_trains(command, tmp_path):
    """The leaf asks for several labels itself, as mmengine's own Runner needs."""
    source = tmp_path / "source"
    document = {}
    for name, subset in (("P03T01C01", "training"), ("P19T01C01", "training"), ("P02T01C01", "testing")):
        write_lcrnet(source / f"{name}.json", frames=80)
        actions = [[1, 0, 40], [19, 20, 80], [13, 50, 60]]
        document[name] = {"subset": subset, "duration": 80, "actions": actions}
    (source / "smarthome_CS_51.json").write_text(json.dumps(document))
    data = tmp_path / "data"
    assert command("prepare.py", "tsu", source, data)[0] == 0
    leaf = ROOT / "configs/skeleton/stgcnpp_tsu.py"
    assert Config.fromfile(leaf).train_dataloader.dataset.multi_label
    brief = ("streams.skeleton.num_frames=8", "streams.skeleton.encoder.widths=(16,16)", "train_cfg.max_epochs=1")
    words = ("--data", data, "--work-dir", tmp_path / "w", "--cfg-options", *brief, "train_cfg.val_interval=1")
    code, _, err = command("train.py", leaf, *words, *IN_PROCESS)
    assert code == 0, err
    words = ("--checkpoint", tmp_path / "w", "--window", 1, "--workers", 0, "--out", tmp_path / "l", "--json")
    code, out, err = command("evaluate.py", "localization", data, *words)
    assert code == 0, err
    assert json.loads(out)["per_class"]["Read"]["actions"] == 1


def test_unfit_parts_are_refused(command, untrimmed, tmp_path, one_line):
    words = ("--data", untrimmed, "--work-dir", tmp_path / "w", "--cfg-options", *SMALL, *IN_PROCESS)
    code, _, err = command("train.py", CONFIGS["rgb"], *words, "model.loss=bce", "model.class_weighting=0.5")
    assert code == 1
    assert "Recognizer.class_weighting must be 0 with loss='bce', got 0.5" in one_line(err)


@pytest.fixture
def files(tmp_path):
    rng = np.random.default_rng(0)
    for split in ("test", "val"):
        labels = (rng.random((40, 2)) < 0.5).astype(int)
        for stream in ("rgb", "flow_dis"):
            Predictions(
                ids=[f"{split}{number}" for number in range(40)],
                labels=labels,
                classes=("a<b", "walk"),
                scores={stream: 2 * labels + rng.normal(size=(40, 2))},
                kinds={stream: "sigmoid"},
            ).save(tmp_path / f"{stream}_{split}.npz")
    return [[tmp_path / f"{stream}_{split}.npz" for stream in ("rgb", "flow_dis")] for split in ("test", "val")]


def test_ablation_of_several_labels(command, files, tmp_path, one_line):
    test, val = files
    code, out, err = command("ablate.py", *test, "--fit", *val, "--out", tmp_path / "a", "--json")
    assert code == 0, err
    assert json.loads(out) == json.loads((tmp_path / "a/ablation.json").read_text())
    page = (tmp_path / "a/report.html").read_text()
    assert "a&lt;b" in page
    assert "triad ablate" in page
    code, out, _ = command("ablate.py", *test, "--fit", *val, "--out", tmp_path / "a")
    assert code == 0
    assert "rgb+flow_dis" in out
    code, _, err = command("ablate.py", *test, "--fit", *val, "--out", tmp_path / "b", "--methods", "svm")
    assert (code, "got 'svm', of one class a sample" in one_line(err)) == (1, True)
    assert command("ablate.py", *test, "--fit", *val, "--out", tmp_path / "b", "--measure-cost")[0] == 2
    assert not (tmp_path / "b").exists()


def test_fusion_of_several_labels(command, files, tmp_path):
    test, val = files
    code, out, err = command("fuse.py", *test, "--fit", *val, "--out", tmp_path / "f.npz", "--json")
    assert code == 0, err
    assert json.loads(out)["mean_average_precision"] > 0.8
    assert Predictions.load(tmp_path / "f.npz").kinds["fused"] == "sigmoid"
    code, out, _ = command("fuse.py", *test, "--weights", 1, 1)
    assert (code, "mean average precision" in out) == (0, True)


@pytest.mark.parametrize("words", [("--retrain",), ()])
def test_measures_of_one_class_refuse_early(command, data, tmp_path, one_line, words):
    (tmp_path / "w").mkdir()
    (tmp_path / "w/epoch_1.pth").write_bytes(b"never read")
    config = ROOT / "configs/fusion/separable_sta_minihome_two_heads.py"
    inputs = (config, *words) if words else (config, tmp_path / "w/epoch_1.pth")
    options = ("--data", data, "--out", tmp_path / "r", "--cfg-options", "model.loss=bce")
    code, _, err = command("ablate.py", *inputs, *options)
    assert code == 1
    assert "must be measured on samples of one class, got model.loss='bce'; test --dump each model" in one_line(err)
    assert not (tmp_path / "r/retrained").exists()

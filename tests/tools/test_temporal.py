"""Models over features: trained, tested and judged over time, fused early and late."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tool_runs import IN_PROCESS
from untrimmed import add_features, write_untrimmed

from triad.fusion.predictions import Predictions
from triad.tools import cli

SMALL = [
    "train_cfg.max_epochs=4",
    "train_cfg.val_interval=4",
    "train_dataloader.dataset.repeats=16",
    "optim_wrapper.optimizer.lr=0.01",
    "param_scheduler.0.eta_max=0.02",
    *IN_PROCESS,
]


@pytest.fixture(scope="module")
def videos(tmp_path_factory):
    out = write_untrimmed(tmp_path_factory.mktemp("videos"))
    for stream in ("features_rgb", "features_flow_dis", "features_skeleton"):
        add_features(out, stream)
    return out


@pytest.mark.parametrize(
    ("leaf", "options", "streams"),
    [
        ("temporal/pdan", ["streams.features_rgb.encoder.channels=16"], ["features_rgb", "fused"]),
        ("fusion/late_fusion", [], ["features_flow_dis", "features_rgb", "features_skeleton", "fused"]),
    ],
)
def test_model_over_features_finds_actions(command, videos, tmp_path, leaf, options, streams):
    config = cli.__file__.replace("tools/cli.py", f"configs/{leaf}_minihome_untrimmed.py")
    words = ["--data", videos, "--cfg-options", *SMALL, *options]
    assert command("train.py", config, "--work-dir", tmp_path / "work", *words)[0] == 0
    dump = tmp_path / "{split}.npz"
    code, printed, _ = command(
        *("test.py", config, tmp_path / "work", "--split", "val", "--split", "test", "--dump", dump, "--json", *words)
    )
    assert code == 0
    document = json.loads(printed)
    assert document["test"]["samples"] == 3 * 24
    assert document["test"]["mean_average_precision"] > 0.9
    predictions = Predictions.load(tmp_path / "test.npz")
    assert sorted(predictions.scores) == streams
    assert predictions.ids[0] == "P02T01C01@000000"
    assert set(predictions.groups["source_video"]) == {"P02T01C01", "P10T01C01", "P11T01C01"}
    np.testing.assert_allclose(predictions.spans[1], [0.25, 0.5])
    code, printed, _ = command(
        *("evaluate.py", "localization", videos, "--predictions", tmp_path / "test.npz"),
        *("--fit", tmp_path / "val.npz", "--out", tmp_path / "localization", "--json"),
    )
    assert code == 0
    assert json.loads(printed)["mean"]["frame_map"] > 0.9
    code, _, message = command("predict.py", "x.mp4", "--checkpoint", tmp_path / "work", "--out", tmp_path / "p")
    assert code == 1
    assert "must be of clips, where it labels every step of prepared videos, got FramewiseRecognizer" in message


def test_one_class_a_step_gives_segments(command, videos, tmp_path):
    config = cli.__file__.replace("tools/cli.py", "configs/temporal/ms_tcn_plus_plus_minihome_untrimmed.py")
    options = [
        *(
            "model.loss=cross_entropy",
            "streams.features_rgb.encoder.num_layers=3",
            "streams.features_rgb.encoder.dropout=0.0",
        ),
        *("model.refinement.num_layers=3", "model.refinement.num_stages=1", "model.refinement.dropout=0.0"),
        "train_dataloader.dataset.repeats=64",
    ]
    words = ["--data", videos, "--cfg-options", *SMALL, *options]
    code, _, message = command("train.py", config, "--work-dir", tmp_path / "work", *words)
    assert code == 0
    assert "mean_class_accuracy" in message
    dump = tmp_path / "{split}.npz"
    splits = ["--split", "val", "--split", "test"]
    assert command("test.py", config, tmp_path / "work", *splits, "--dump", dump, *words)[0] == 0
    code, printed, _ = command(
        *("evaluate.py", "localization", videos, "--predictions", tmp_path / "test.npz"),
        *("--fit", tmp_path / "val.npz", "--out", tmp_path / "localization", "--json"),
    )
    assert code == 0
    mean = json.loads(printed)["mean"]
    assert mean["frame_map"] > 0.8  # a softmax has no background
    assert mean["frame_accuracy"] > 0.6
    assert {"edit", "f1_10", "f1_25", "f1_50"} <= set(mean)


def test_missing_features_are_named(command, tmp_path):
    out = write_untrimmed(tmp_path)
    config = cli.__file__.replace("tools/cli.py", "configs/temporal/pdan_minihome_untrimmed.py")
    code, _, message = command("train.py", config, "--data", out, "--work-dir", tmp_path / "w")
    assert code == 1
    assert "stream 'features_rgb' must be in" in message
    assert f"triad extract {out} --features CHECKPOINT" in message

"""The command evaluate localization on long videos, with a checkpoint and with predictions."""

from __future__ import annotations

import json

import pytest
from trained_models import CONFIGS, load_untrained, small_video
from untrimmed import write_untrimmed

from triad.fusion.predictions import Predictions


@pytest.fixture(scope="module")
def untrimmed(tmp_path_factory):
    return write_untrimmed(tmp_path_factory.mktemp("untrimmed"))


@pytest.fixture(scope="module")
def checkpoint(untrimmed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    load_untrained(folder, CONFIGS / "rgb/r2plus1d_small_minihome.py", untrimmed, small_video("rgb"))
    return folder / "epoch_1.pth"


def evaluate(command, untrimmed, *words):
    return command("evaluate.py", "localization", untrimmed, *words)


def test_checkpoint_slides_over_videos(command, untrimmed, checkpoint, tmp_path):
    words = ("--checkpoint", checkpoint, "--stride", 1, "--workers", 0, "--out", tmp_path)
    code, out, err = evaluate(command, untrimmed, *words, "--json")
    assert code == 0, err
    document = json.loads(out)
    assert document == json.loads((tmp_path / "localization.json").read_text())
    assert (document["protocol"], document["split"], document["stream"]) == ("cross_subject", "test", "rgb")
    assert set(document["sequences"]) == {"P02T01C01", "P10T01C01", "P11T01C01"}
    assert set(json.loads((tmp_path / "timeline.json").read_text())["videos"]) == set(document["sequences"])
    page = (tmp_path / "report.html").read_text()
    assert page.count("data:image/png;base64,") == 3
    assert "frame mAP" in page
    predictions = Predictions.load(tmp_path / "test.npz")
    assert (predictions.labels.shape, predictions.spans.shape) == ((18, 2), (18, 2))
    files = ("--predictions", tmp_path / "test.npz", "--fit", tmp_path / "val.npz", "--out", tmp_path / "again")
    code, again, _ = evaluate(command, untrimmed, *files, "--json")
    assert (code, json.loads(again)) == (0, document)


def test_table_names_metrics(command, untrimmed, checkpoint, tmp_path):
    words = ("--checkpoint", checkpoint, "--stride", 1, "--workers", 0, "--out", tmp_path)
    code, out, _ = evaluate(command, untrimmed, *words)
    assert code == 0
    assert all(text in out for text in ("frame mAP", "F1@50", "3 videos of test", "chosen on validation", "subject"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "give --checkpoint K..., or --predictions TEST with --fit VAL"),
        (("--predictions", "a.npz"), "give --checkpoint K..., or --predictions TEST with --fit VAL"),
        (("--predictions", "a.npz", "--fit", "b.npz", "--window", "2"), "go with --checkpoint"),
    ],
)
def test_wrong_usage(command, untrimmed, words, message):
    code, _, err = evaluate(command, untrimmed, *words)
    assert code == 2
    assert message in err


def test_predictions_of_clips_are_refused(command, untrimmed, scored, tmp_path, one_line):
    files = ("--predictions", scored("a", range(4)), "--fit", scored("b", range(4)), "--out", tmp_path / "out")
    code, _, err = evaluate(command, untrimmed, *files)
    assert code == 1
    assert "protocol of the predictions must be named and the same for test and validation" in one_line(err)
    assert not (tmp_path / "out").exists()

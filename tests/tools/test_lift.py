"""The command lift: from stored 2D poses to a 3D stream, resumed after failures; training of a lifter."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from triad.fusion.estimators.lifting.model import LiftingModel
from triad.fusion.index import load_index, write_index
from triad.fusion.training.config import build_config
from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.registry import MODELS
from triad.modalities.skeleton import PoseReader

ROOT = Path(__file__).resolve().parents[2]
CONFIG = "configs/estimators/tcn27_lift.py"
JOINTS = 17
EVIL = ROOT / "tests/data/cases/trust/evil.yaml"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Path of an untrained checkpoint of the shipped config."""
    pytest.importorskip("mmpose")
    torch.manual_seed(0)
    model: LiftingModel = MODELS.build(build_config(ROOT / CONFIG).model)
    path = tmp_path_factory.mktemp("lift") / "epoch_1.pth"
    torch.save({"state_dict": model.state_dict(), "meta": {}}, path)
    return path


@pytest.fixture
def posed(tmp_path: Path) -> Path:
    """Dataset of a pair of whom one leaves, a single frame, nobody, and poses without the size of their frames."""
    out = tmp_path / "data"
    rng = np.random.default_rng(0)
    shapes = {"pair": (2, 40), "short": (1, 1), "empty": (1, 6), "no_size": (1, 6)}
    records = []
    for name, (people, times) in shapes.items():
        keypoints = rng.uniform(20, 200, (people, times, JOINTS, 2)).astype(np.float32)
        scores = rng.uniform(0.3, 1, keypoints.shape[:3]).astype(np.float32)
        if name == "pair":
            scores[1, 20:] = 0
            scores[0, 5, 9] = 0  # a wrist
        if name == "empty":
            scores[:] = 0
        write_arrays(out / f"pose_x/{name}.npz", keypoints=keypoints, scores=scores)
        source = {"path": f"pose_x/{name}.npz", "num": times, "fps": 10.0, "size": [240, 320]}
        if name == "no_size":
            del source["size"]
        records.append({"id": name, "label": 0, "subject": "s1", "sources": {"pose_x": source}})
    streams = {"pose_x": {"modality": "skeleton", "layout": "coco17", "channels": 2}}
    write_index(out / "index.json", {"dataset": "table", "classes": ["a"], "streams": streams}, records)
    return out


def test_lifted_poses_become_a_stream(posed: Path, weights: Path, command):
    code, out, err = command("lift.py", posed, "--stream", "pose_x", "--checkpoint", weights, "--json")
    assert code == 1
    assert err.splitlines()[-1].startswith("error: 1 failed, see ")
    assert '"size": [H, W]' in err.splitlines()[-1]
    document = json.loads(out)
    assert (document["stream"], document["lifted"], document["skipped"]) == ("lifted_x", 3, 0)
    index = load_index(posed)
    assert index.metainfo["streams"]["lifted_x"] == {"modality": "skeleton", "layout": "minihome16", "channels": 3}
    assert [record["id"] for record in index.records if "lifted_x" in record["sources"]] == ["empty", "pair", "short"]
    failures = json.loads((posed / "lifted_x/failures.json").read_text())
    assert [row["id"] for row in failures] == ["no_size"]
    provenance = json.loads((posed / "lifted_x/provenance.json").read_text())
    assert provenance["lifted"]["stream"] == "pose_x"
    assert len(provenance["weights"]["sha256"]) == 64

    reader = PoseReader(layout="minihome16", frame_size=(48, 64))
    source = index.source(index.record("pair"), "lifted_x")
    clip = reader.read(source, np.array([0.0, 0.5, 3.0]), np.ones(3, bool))
    assert clip.keypoints.shape == (2, 3, 16, 3)
    assert (clip.scores[1] > 0).any(-1).tolist() == [True, True, False]  # the second person has left
    assert not clip.keypoints[:, :, 0].any()  # the root
    assert np.abs(clip.keypoints[0]).max() > 1e-3
    wrist = 6
    assert 0 < clip.scores[0, 1, wrist] < 0.5  # estimated: half the score of a detected joint
    nobody = reader.read(index.source(index.record("empty"), "lifted_x"), np.array([0.0]), np.ones(1, bool))
    assert not nobody.scores.any()


def test_next_run_lifts_missing_recordings(posed: Path, weights: Path, command):
    words = ("lift.py", posed, "--stream", "pose_x", "--checkpoint", weights, "--json")
    command(*words)
    first_files = {path.name: path.read_bytes() for path in (posed / "lifted_x").glob("*.npz")}
    (posed / "lifted_x/pair.npz").unlink()
    (posed / "lifted_x/.short.0123abcd.partial.npz").write_bytes(b"half")
    index = load_index(posed)
    index.record("no_size")["sources"]["pose_x"]["size"] = [240, 320]
    write_index(posed / "index.json", index.metainfo, index.records)
    document = json.loads(command(*words)[1])
    assert (document["lifted"], document["skipped"]) == (1, 3)  # failures are not tried again
    document = json.loads(command(*words, "--retry-failed")[1])
    assert (document["lifted"], document["skipped"], document["failed"]) == (1, 3, {})
    files = {path.name: path.read_bytes() for path in (posed / "lifted_x").glob("*.npz")}
    assert sorted(files) == ["empty.npz", "no_size.npz", "pair.npz", "short.npz"]
    assert {name: files[name] for name in first_files} == first_files
    assert not list((posed / "lifted_x").glob(".*partial*"))


def test_damaged_file_stops_nothing(posed: Path, weights: Path, command):
    (posed / "pose_x/short.npz").write_bytes(b"nothing")
    document = json.loads(command("lift.py", posed, "--stream", "pose_x", "--checkpoint", weights, "--json")[1])
    assert document["lifted"] == 2
    assert "must be a readable .npz" in document["failed"]["short"]


def test_other_weights_are_refused(posed: Path, weights: Path, tmp_path: Path, command):
    command("lift.py", posed, "--stream", "pose_x", "--checkpoint", weights)
    changed = torch.load(weights, weights_only=True)
    changed["state_dict"]["network.lifter.head.conv.bias"] += 1
    torch.save(changed, tmp_path / "changed.pth")
    code, _, err = command("lift.py", posed, "--stream", "pose_x", "--checkpoint", tmp_path / "changed.pth")
    assert code == 1
    assert "'weights' of this extraction must be" in err.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--stream", "pose_x", "--checkpoint", "none.pth"], "checkpoint must be a file, got '.*none.pth'"),
        (["--stream", "pose_y", "--checkpoint", "{weights}"], "stream 'pose_y' must be in .*, got only pose_x"),
        (
            ["--stream", "pose_x", "--checkpoint", "{weights}", "--config", "{folder}/narrow.py"],
            "of checkpoint '.*' must have shape .*, got",
        ),
        (
            ["--stream", "pose_x", "--checkpoint", "{weights}", "--config", "{recognizer}"],
            "model of mmpose's config '.*stgcnpp_nucla.py' must be a PoseLifter",
        ),
        (
            ["--stream", "pose_x", "--checkpoint", "{weights}", "--config", "none.py"],
            "config of a lifter must be a file, got 'none.py'",
        ),
        (
            ["--stream", "pose_x", "--checkpoint", "{weights}", "--config", "{evil}"],
            "config '.*evil.yaml' must be plain YAML, got could not determine a constructor",
        ),
    ],
)
def test_wrong_input_is_one_line(words, message, posed: Path, weights: Path, tmp_path: Path, command):
    text = (ROOT / CONFIG).read_text("utf-8").replace("channels=256", "channels=64")
    (tmp_path / "narrow.py").write_text(text.replace("from .._base_", "from configs._base_"))
    recognizer = ROOT / "configs/skeleton/stgcnpp_nucla.py"
    arguments = [word.format(weights=weights, folder=tmp_path, recognizer=recognizer, evil=EVIL) for word in words]
    code, _, err = command("lift.py", posed, *arguments)
    assert code == 1
    assert re.search(message, err.strip().splitlines()[-1]), err
    assert "Traceback" not in err


def test_3d_poses_are_not_lifted(tiny: Path, tmp_path: Path, weights: Path, command):
    out = tmp_path / "tiny"
    shutil.copytree(tiny, out)
    _, _, err = command("lift.py", out, "--stream", "skeleton", "--checkpoint", weights)
    assert "stream 'skeleton' to lift must be of 2D poses, got skeleton of layout minihome16" in err


def test_recognizer_takes_one_dataset(tiny: Path, tmp_path: Path, command):
    config = ROOT / "configs/skeleton/stgcnpp_minihome.py"
    code, _, err = command("train.py", config, "--data", tiny, tmp_path, "--work-dir", tmp_path / "work")
    assert code == 1
    assert re.search(r"--data of config '.*stgcnpp_minihome.py' must name one prepared dataset, got 2", err)


def test_lifter_trains_and_is_evaluated(tiny: Path, tmp_path: Path, command):
    pytest.importorskip("mmpose")
    out = tmp_path / "home"
    shutil.copytree(tiny, out)
    for record in load_index(out).records:
        measured = read_arrays(out / f"skeleton/{record['id']}.npz", cure="")
        write_arrays(out / f"truth/{record['id']}.npz", joints=measured["keypoints"][0])
    brief = ["train_cfg.max_epochs=1", "train_cfg.val_interval=1", "model.network.channels=16"]
    words = ["--data", out, "--work-dir", tmp_path / "work", "--cfg-options", *brief]
    code, _, err = command("train.py", ROOT / CONFIG, *words)
    assert code == 0, err
    (config,) = (tmp_path / "work").glob("*.py")
    words = ["--config", config, "--checkpoint", tmp_path / "work", "--data", out, "--json"]
    code, printed, err = command("evaluate.py", "lift", *words)
    assert code == 0, err
    document = json.loads(printed)
    assert set(document["sequences"]) == {"minihome"}
    assert document["mean"]["mpjpe"] == pytest.approx(document["sequences"]["minihome"]["mpjpe"])
    assert set(document["baselines"]) == {"mean_pose", "flat", "linear"}
    for evaluation in (document, *document["baselines"].values()):
        row = evaluation["sequences"]["minihome"]
        assert 0 < row["pa_mpjpe"] < row["mpjpe"]
        assert row["frames"] == 24 * 10 * 2  # clips, frames, cameras

"""extract --features: resumable, whole files, and a stream like any other."""

from __future__ import annotations

import json
import shutil

import pytest
from trained_models import CONFIGS, NARROW_SKELETON, load_untrained

from triad.fusion.index import load_index, write_index
from triad.modalities.features import read_features


@pytest.fixture(scope="module")
def checkpoint(tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("skeleton")
    return load_untrained(folder, CONFIGS / "skeleton/stgcnpp_minihome.py", tiny, NARROW_SKELETON).checkpoint


@pytest.fixture
def out(tiny, tmp_path):
    """Four clips of the tiny dataset, of which the last has a damaged skeleton."""
    index = load_index(tiny)
    (tmp_path / "skeleton").mkdir()
    for record in index.records[:4]:
        del record["sources"]["rgb"], record["video"]
        shutil.copy(tiny / record["sources"]["skeleton"]["path"], tmp_path / "skeleton")
    (tmp_path / index.records[3]["sources"]["skeleton"]["path"]).write_bytes(b"x" * 99)
    write_index(tmp_path / "index.json", index.metainfo, index.records[:4])
    return tmp_path


def test_features_become_stream_and_resume(command, out, checkpoint):
    words = ["extract.py", out, "--features", checkpoint, "--window", "0.4", "--stride", "2f", "--json"]
    code, printed, _ = command(*words)
    assert code == 1
    (row,) = json.loads(printed)["streams"]
    assert (row["stream"], row["extracted"], row["failed"]) == ("features_skeleton", 3, 1)
    index = load_index(out)
    info = index.metainfo["streams"]["features_skeleton"]
    record = index.records[0]
    assert info == {"modality": "features", "channels": info["channels"]}
    assert record["sources"]["features_skeleton"] == {
        "path": f"features_skeleton/{record['id']}.npz",
        "num": 5,
        "fps": 5.0,
    }
    assert "features_skeleton" not in index.records[3]["sources"]
    path = out / record["sources"]["features_skeleton"]["path"]
    assert read_features(path).provenance["window"] == "0.4 s"

    before = path.stat().st_mtime_ns
    (out / "features_skeleton" / f"{index.records[1]['id']}.npz").write_bytes(b"cut")
    (row,) = json.loads(command(*words)[1])["streams"]
    assert (row["extracted"], row["skipped"], row["failed"], row["failed_before"]) == (1, 2, 0, 1)
    assert path.stat().st_mtime_ns == before
    status = json.loads(command("extract.py", out, "--status", "--json")[1])["streams"]
    assert [(row["done"], len(row["failed"])) for row in status] == [(3, 1)]
    assert json.loads(command("extract.py", out, "--verify", "--json")[1])["sound"] == 3


def test_other_settings_are_refused(command, out, checkpoint):
    command("extract.py", out, "--features", checkpoint)
    words = ["extract.py", out, "--features", checkpoint, "--stride", "0.1"]
    code, _, message = command(*words)
    assert code == 1
    assert "'stride' of this extraction must be 0.5 s" in message
    command(*words, "--name", "fine")
    assert "features_fine" in load_index(out).metainfo["streams"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--stride", "0.5"], "--name, --window and --stride go with --features"),
        (["--features", "x", "--flow", "dis"], "--features goes with --name"),
        (["--features", "x", "--stride", "0"], "must be seconds above 0"),
    ],
)
def test_wrong_usage_is_named(command, out, words, message):
    code, _, printed = command("extract.py", out, *words)
    assert code == 2
    assert message in " ".join(printed.split())


def test_missing_checkpoint_is_named(command, out):
    code, _, message = command("extract.py", out, "--features", out / "none")
    assert code == 1
    assert "none" in message
    assert len(message.strip().splitlines()) == 1

"""MiniHome is reproducible and resumable, and its models never read the truth."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from triad.fusion.datasets.minihome import CLASSES, ClipSpec, clip_record
from triad.fusion.datasets.minihome import prepare as minihome
from triad.fusion.datasets.minihome.body import JOINTS
from triad.fusion.index import load_index
from triad.modalities.atomic_files import read_arrays
from triad.modalities.checks import InputError
from triad.modalities.skeleton import get_layout
from triad.modalities.video import probe

SIT = ClipSpec(3, CLASSES.index("sit_down"), "s02", 1).id


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def few_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minihome, "SUBJECTS", ("s02",))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("minihome")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(minihome, "SUBJECTS", ("s02",))
        report = minihome.prepare_minihome(out, clips=1, seed=3, workers=1)
    assert report == {"records": 16, "made": 16, "kept": 0, "dropped": []}
    return out


def test_files_fit_index(prepared: Path) -> None:
    index = load_index(prepared)
    assert index.classes == list(CLASSES)
    record = next(record for record in index.records if record["label"] == 5)
    assert record["id"] == "rest_on_keyboard_s02_c2_r01"
    info = probe(prepared / record["video"])
    assert (info.num_frames, info.fps, info.height, info.width) == (30, 15.0, 120, 160)
    skeleton = read_arrays(prepared / record["sources"]["skeleton"]["path"], cure="")
    assert skeleton["keypoints"].shape == (1, 30, 16, 3)
    assert get_layout(index.metainfo["streams"]["skeleton"]["layout"]).joints == JOINTS
    assert np.isfinite(skeleton["keypoints"]).all()


def test_sources_exclude_truth(prepared: Path) -> None:
    for record in load_index(prepared).records:
        assert not any("truth" in source["path"] for source in record["sources"].values())
    truth = read_arrays(prepared / "truth" / f"{SIT}.npz", cure="")
    assert truth["flow"].shape == (29, 120, 160, 2)
    measured = read_arrays(prepared / "skeleton" / f"{SIT}.npz", cure="")
    error = np.abs(truth["joints"] - measured["keypoints"][0])[measured["scores"][0] > 0.5]
    assert 0.005 < error.mean() < 0.05  # near the truth, never the truth


def test_same_seed_gives_same_bytes(prepared: Path, tmp_path: Path) -> None:
    minihome.prepare_minihome(tmp_path, clips=1, seed=3, workers=2)
    assert digest(tmp_path) == digest(prepared)


def test_interrupted_run_continues(prepared: Path) -> None:
    before = digest(prepared)
    skeleton = prepared / "skeleton" / f"{SIT}.npz"
    skeleton.unlink()
    assert minihome.prepare_minihome(prepared, clips=1, seed=3, workers=1)["made"] == 1
    assert digest(prepared) == before


def test_other_seed_is_refused(prepared: Path) -> None:
    with pytest.raises(InputError, match=r"must hold MiniHome of .*'seed': 4.*'seed': 3.*choose another folder"):
        minihome.prepare_minihome(prepared, clips=1, seed=4, workers=1)


def test_no_clips_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must be at least 1, got 0 and 1"):
        minihome.prepare_minihome(tmp_path, clips=0, seed=0, workers=1)


def test_every_pair_has_enough_test_clips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    records = [clip_record(clip) for clip in minihome.list_clips(seed=0, num_repetitions=8)]
    assert len(records) == 2560
    protocol = minihome.MINIHOME.protocols["cross_subject"]
    tested = [record["label"] // 2 for record in records if protocol(record) == "test"]
    assert min(np.bincount(tested)) >= 120

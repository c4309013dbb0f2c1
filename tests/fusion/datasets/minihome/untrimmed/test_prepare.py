"""MiniHome untrimmed is reproducible and resumable, and its truth fits its frames."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from triad.fusion.datasets.minihome import CLASSES
from triad.fusion.datasets.minihome.untrimmed import prepare as untrimmed
from triad.fusion.index import load_index
from triad.modalities.atomic_files import read_arrays
from triad.modalities.checks import InputError
from triad.modalities.video import probe


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def render(out: Path, **options: int) -> dict:
    return untrimmed.prepare_untrimmed(out, **{"videos": 1, "seconds": 12.0, "seed": 1, "workers": 1, **options})


@pytest.fixture(autouse=True)
def few_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrimmed, "SUBJECTS", ("s01", "s03", "s06"))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("untrimmed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(untrimmed, "SUBJECTS", ("s01", "s03", "s06"))
        report = render(out)
    assert (report["made"], report["kept"], report["dropped"]) == (3, 0, [])
    return out


def test_records_are_actions_of_videos(prepared):
    index = load_index(prepared)
    assert index.dataset == "minihome_untrimmed"
    assert index.classes == list(CLASSES)
    for record in index.records:
        seconds = index.metainfo["durations"][record["source_video"]]
        assert 0 <= record["start"] < record["end"] <= seconds
        info = probe(prepared / record["video"])
        assert (info.num_frames, info.fps) == (record["num_frames"], 15.0)
        assert seconds == pytest.approx(info.num_frames / 15)
        assert not any("truth" in source["path"] for source in record["sources"].values())


def test_truth_has_track_of_each_person(prepared):
    people = set()
    for video in load_index(prepared).metainfo["durations"]:
        truth = read_arrays(prepared / "truth" / f"{video}.npz", cure="")
        measured = read_arrays(prepared / "skeleton" / f"{video}.npz", cure="")
        num_people, num_frames, num_joints, _ = truth["joints"].shape
        people.add(num_people)
        assert measured["keypoints"].shape == truth["joints"].shape
        assert truth["boxes"].shape == (num_people, num_frames, 4)
        inside = (truth["pixels"] >= truth["boxes"][:, :, None, :2]) & (
            truth["pixels"] <= truth["boxes"][:, :, None, 2:]
        )
        assert inside.mean() > 0.95
        seen = measured["scores"] > 0.5
        error = np.abs(truth["joints"] - measured["keypoints"])[seen]
        assert 0.005 < error.mean() < 0.05  # near the truth, never the truth
        assert set(truth["actions"][:, 0]) <= set(range(num_people))
        assert num_joints == 16
    assert people == {1, 2}


def test_same_seed_gives_same_bytes(prepared, tmp_path):
    render(tmp_path)
    assert digest(tmp_path) == digest(prepared)


def test_interrupted_run_continues(prepared):
    before = digest(prepared)
    next((prepared / "truth").glob("*.npz")).unlink()
    assert render(prepared)["made"] == 1
    assert digest(prepared) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seed": 2}, "must hold MiniHome of"),
        ({"seconds": 20.0}, "must hold MiniHome of"),
        ({"videos": 0}, "must be at least 1"),
        ({"seconds": 1e9}, "seconds of MiniHome must be from 10 to 600"),
        ({"seconds": float("nan")}, "seconds of MiniHome must be from 10 to 600"),
    ],
)
def test_unusable_settings_are_refused(prepared, options, message):
    with pytest.raises(InputError, match=message):
        render(prepared, **options)

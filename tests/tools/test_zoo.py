"""The command zoo: a row for every leaf config, as a document and as a table."""

from __future__ import annotations

import json

import pytest
from PIL import Image
from tool_runs import ROOT

from triad import CONFIGS
from triad.fusion.evaluation.results import load_results
from triad.fusion.evaluation.systems import System
from triad.fusion.evaluation.systems_table import END, START, systems_table

KEYS = {"config", "model", "modality", "input", "parameters", "gmacs", "published", "measured", "weights"}
README = ROOT / "README.md"


LEAVES = [path for path in CONFIGS.glob("*/*.py") if path.parent.name not in ("_base_", "estimators")]
SEVERAL = [
    "rgb/tsn_r50_jhmdb",
    "flow/c3d_jhmdb",
    "skeleton/lstm_nucla",
    "skeleton/stgcnpp_ntu60",
    "fusion/vpn_minihome",
]


def test_leaves_have_rows(command, monkeypatch):
    leaves = [CONFIGS / f"{leaf}.py" for leaf in SEVERAL]
    monkeypatch.setattr("triad.fusion.training.zoo.find_leaves", lambda folder: leaves)
    code, out, _ = command("zoo.py", "--json")
    assert code == 0
    check_rows(json.loads(out), leaves)


@pytest.mark.slow
def test_every_leaf_has_a_row(command):
    code, out, _ = command("zoo.py", "--json")
    rows = json.loads(out)
    assert code == 0
    check_rows(rows, LEAVES)
    zoo = {row["config"].removeprefix("configs/").removesuffix(".py"): row for row in rows}
    table = systems_table(zoo, load_results(CONFIGS / "results.json"))
    assert table in README.read_text("utf-8"), "run triad zoo --systems --readme README.md"


def check_rows(rows, leaves):
    assert {row["config"] for row in rows} == {f"configs/{path.parent.name}/{path.name}" for path in leaves}
    assert len(rows) == len(leaves)
    for row in rows:
        assert set(row) == KEYS
        assert set(row["modality"].split("+")) <= {"rgb", "flow", "skeleton", "depth", "objects", "features"}
        assert all(len(stream["axes"]) == len(stream["shape"]) for stream in row["input"])
        assert {stream["axes"] for stream in row["input"]} <= {"CTHW", "MCTV", "CTK", "CT"}
        assert row["parameters"] > 100_000
        assert row["gmacs"] > 0.01  # also of an LSTM, which torch's counter leaves out
        published = row["published"]
        if published is not None:
            assert set(published) == {"parameters", "gmacs", "source", "differs"}
            if not published["differs"]:
                assert row["parameters"] == published["parameters"]
                assert published["gmacs"] is None or row["gmacs"] == pytest.approx(published["gmacs"], rel=1e-3)
    assert any(row["published"] is not None and not row["published"]["differs"] for row in rows)


def test_table_names_differing_settings(command, monkeypatch):
    leaves = [CONFIGS / "skeleton/ctrgcn_nucla.py", CONFIGS / "skeleton/stgcnpp_minihome.py"]
    monkeypatch.setattr("triad.fusion.training.zoo.find_leaves", lambda folder: leaves)
    code, out, _ = command("zoo.py")
    assert code == 0
    assert "skeleton/ctrgcn_nucla" in out
    assert "1,426,892 · 0.753" in out
    assert "1 input 1×3×52×20, not 1×3×64×20" in out
    narrow = next(line for line in out.splitlines() if "skeleton/stgcnpp_minihome" in line)
    assert "not published" in narrow


@pytest.fixture
def results_file(tmp_path):
    """Results of two leaves on J-HMDB and of one on N-UCLA."""
    rows = [
        {
            "configs": [f"configs/{leaf}.py"],
            "dataset": leaf.rpartition("_")[2],
            "protocols": ["split1"],
            "split": "test",
            "stream": "fused",
            "fusion": None,
            "seeds": [0],
            "mean_class_accuracy": 0.5,
            "ci95": None,
            "parameters": 1000,
            "gmacs": 0.1,
        }
        for leaf in ("skeleton/stgcnpp_jhmdb", "rgb/r2plus1d_small_jhmdb", "skeleton/sgn_nucla")
    ]
    path = tmp_path / "results.json"
    path.write_text(json.dumps(rows), "utf-8")
    return path


def test_results_stand_beside_leaves(command, monkeypatch, results_file):
    leaves = [CONFIGS / "skeleton/sgn_nucla.py", CONFIGS / "skeleton/ctrgcn_nucla.py"]
    monkeypatch.setattr("triad.fusion.training.zoo.find_leaves", lambda folder: leaves)
    code, out, _ = command("zoo.py", "--results", results_file, "--json")
    assert code == 0
    assert [[result["mean_class_accuracy"] for result in row["measured"]] for row in json.loads(out)] == [[0.5], []]
    code, out, _ = command("zoo.py", "--results", results_file)
    assert "50.0 (nucla, split1)" in " ".join(out.split())


def test_plot_is_drawn(command, results_file, tmp_path):
    path = tmp_path / "plots/accuracy.png"
    code, out, err = command("zoo.py", "--plot", path, "--results", results_file)
    assert (code, out) == (0, f"{path}\n"), err
    assert Image.open(path).format == "PNG"
    code, _, err = command("zoo.py", "--plot", path, "--results", results_file, "--dataset", "ntu60")
    assert code == 1
    assert "results on 'ntu60' must hold a test result with its cost" in err


def test_systems_go_into_a_readme(command, monkeypatch, results_file, tmp_path):
    systems = {"Skeletons": (System("SGN", "Zhang et al. 2020", ("skeleton/sgn_nucla",)),)}
    monkeypatch.setattr("triad.fusion.evaluation.systems_table.SYSTEMS", systems)
    row = "| SGN | Zhang et al. 2020 | `skeleton/sgn_nucla` | 665,018 | 0.135 | 50.0 (nucla, split1) |"
    code, out, _ = command("zoo.py", "--systems", "--results", results_file)
    assert code == 0
    assert out.splitlines()[-1] == row
    readme = tmp_path / "README.md"
    readme.write_text(f"{START}\n{END}\n", "utf-8")
    assert command("zoo.py", "--systems", "--readme", readme, "--results", results_file)[0] == 0
    assert f"{row}\n\n{END}\n" in readme.read_text("utf-8")


@pytest.mark.parametrize("words", [["--json", "--systems"], ["--readme", "x"], ["--dataset", "jhmdb"]])
def test_options_that_exclude_each_other(command, words):
    code, _, err = command("zoo.py", *words)
    assert code == 2
    assert "exclude each other" in err

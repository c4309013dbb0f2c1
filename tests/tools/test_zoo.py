"""The command zoo: a row for every leaf config, as a document and as a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
KEYS = {"config", "model", "modality", "input", "parameters", "gmacs", "published"}


def test_every_leaf_has_a_row(command):
    code, out, _ = command("zoo.py", "--json")
    rows = json.loads(out)
    assert code == 0
    leaves = [path for path in CONFIGS.glob("*/*.py") if path.parent.name not in ("_base_", "estimators")]
    leaves = [path for path in leaves if path.stem != "__init__"]
    assert {row["config"] for row in rows} == {f"configs/{path.parent.name}/{path.name}" for path in leaves}
    assert len(rows) == len(leaves)
    for row in rows:
        assert set(row) == KEYS
        assert set(row["modality"].split("+")) <= {"rgb", "flow", "skeleton", "depth"}
        assert all(len(stream["axes"]) == len(stream["shape"]) == 4 for stream in row["input"])
        assert row["parameters"] > 100_000
        assert row["gmacs"] > 0.01  # also of an LSTM, which torch's counter leaves out
        published = row["published"]
        if published is not None:
            assert set(published) == {"parameters", "gmacs", "source", "differs"}
            if not published["differs"]:
                assert row["parameters"] == published["parameters"]
                assert published["gmacs"] is None or row["gmacs"] == pytest.approx(published["gmacs"], rel=1e-3)
    assert sum(row["published"] is not None and not row["published"]["differs"] for row in rows) >= 2


def test_table_names_differing_settings(command, monkeypatch):
    leaves = [CONFIGS / "skeleton/ctrgcn_nucla.py", CONFIGS / "skeleton/stgcnpp_minihome.py"]
    monkeypatch.setattr("fusion.training.zoo.find_leaves", lambda folder: leaves)
    code, out, _ = command("zoo.py")
    assert code == 0
    assert "skeleton/ctrgcn_nucla" in out
    assert "1,426,892 · 0.753" in out
    assert "1 input 1×3×52×20, not 1×3×64×20" in out
    narrow = next(line for line in out.splitlines() if "skeleton/stgcnpp_minihome" in line)
    assert "not published" in narrow

"""The command bench: its document, its table, and its exit code."""

from __future__ import annotations

import json

import pytest

from triad.fusion.benchmarks.result import BenchmarkResult

FAST = BenchmarkResult("decode", "cpu", ours=20.0, reference=10.0, unit="frames/s", required=1.5, note="of 8 frames")
SLOW = BenchmarkResult("forward", "cpu", ours=20.0, reference=10.0, unit="ms", required=1.5)


@pytest.fixture
def benchmarks(monkeypatch):
    """Two benchmarks of fixed results, of which the second breaks its promise."""
    results = {"fast": [FAST], "slow": [SLOW]}
    benchmarks = {name: lambda folder, rows=rows: rows for name, rows in results.items()}
    monkeypatch.setattr("triad.fusion.benchmarks.BENCHMARKS", benchmarks)
    monkeypatch.setattr("triad.fusion.benchmarks.CLAIMS", tuple(benchmarks))


def test_document_has_ratio_and_promise(command, benchmarks):
    code, out, _ = command("bench.py", "fast", "--json")
    assert code == 0
    (row,) = json.loads(out)
    assert (row["name"], row["ours"], row["ratio"], row["required"], row["kept"]) == ("decode", 20.0, 2.0, 1.5, True)


def test_broken_promise_exits_with_1(command, benchmarks):
    code, out, _ = command("bench.py")
    assert code == 1
    assert "0.50" in out
    assert "NO" in out
    assert "decode: of 8 frames" in out


def test_unknown_benchmark_names_the_nearest(command, benchmarks, one_line):
    code, _, err = command("bench.py", "fats")
    assert code == 1
    assert "got 'fats' (did you mean 'fast'?)" in one_line(err)


def test_libraries_keep_out_of_the_document(command, benchmarks, monkeypatch):
    def bench(folder):
        print("loaded 3 weights")
        return [FAST]

    monkeypatch.setattr("triad.fusion.benchmarks.BENCHMARKS", {"fast": bench})
    code, out, err = command("bench.py", "fast", "--json")
    assert code == 0
    assert json.loads(out)[0]["name"] == "decode"
    assert "loaded 3 weights" in err


def test_results_are_written_one_by_one(command, benchmarks, monkeypatch, tmp_path):
    written = []

    def bench(folder):
        yield FAST
        written.extend(json.loads((tmp_path / "bench_gpu.json").read_text())["results"])
        raise RuntimeError("CUDA out of memory")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("triad.fusion.benchmarks.GPU_BENCHMARKS", ("first", "fast"))
    monkeypatch.setattr("triad.fusion.benchmarks.BENCHMARKS", {"first": bench, "fast": lambda folder: [FAST]})
    code, out, err = command("bench.py", "gpu", "--json")
    assert code == 1
    assert [row["name"] for row in written] == ["decode"]
    assert "first: not measured: CUDA out of memory" in err
    rows = json.loads(out)
    assert [row["name"] for row in rows] == ["decode", "decode", "first"]
    assert rows[2] == {"name": "first", "error": "CUDA out of memory"}
    assert json.loads((tmp_path / "bench_gpu.json").read_text())["results"] == rows

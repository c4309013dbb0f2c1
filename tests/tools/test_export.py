"""The command export: an ONNX file, its description, and streams that are not there."""

from __future__ import annotations

import json

import pytest
from tool_runs import CONFIGS
from trained_models import NARROW_SKELETON, load_untrained


@pytest.fixture
def export(command, tiny, tmp_path):
    """Export an untrained skeleton model with words, and return exit code and both outputs."""
    load_untrained(tmp_path, CONFIGS["skeleton"], tiny, NARROW_SKELETON)

    def run(*words: object) -> tuple[int, str, str]:
        options = ("--cfg-options", *NARROW_SKELETON)
        return command("export.py", CONFIGS["skeleton"], tmp_path / "epoch_1.pth", *words, *options)

    return run


def test_description_is_one_document(export, tmp_path):
    code, out, err = export(tmp_path / "a.onnx", "--json")
    assert code == 0, err
    document = json.loads(out)
    assert document["classes"] == ["left", "right", "still"]
    assert document["inputs"][0]["name"] == "skeleton.data"
    assert document["difference"] < 1e-4
    assert (tmp_path / "a.onnx").is_file()


def test_inputs_and_outputs_are_listed(export, tmp_path, monkeypatch):
    document = {
        "classes": ["left", "right", "still"],
        "inputs": [{"name": "skeleton.data", "dtype": "float32", "shape": ["batch", 2, 12, 16, 3]}],
        "outputs": [{"name": "skeleton", "shape": ["batch", 3]}],
        "difference": 2e-7,
    }

    def write_file(loaded, out, *, stream):
        out.write_bytes(bytes(300_000))
        return document

    monkeypatch.setattr("triad.fusion.inference.onnx_export.export", write_file)
    code, out, err = export(tmp_path / "a.onnx")
    assert code == 0, err
    first, data, scores, difference = out.splitlines()
    assert first == f"{tmp_path / 'a.onnx'}: 0.3 MB, 3 classes"
    assert data.split(maxsplit=2) == ["skeleton.data", "float32", "batch × 2 × 12 × 16 × 3"]
    assert scores.split(maxsplit=3) == ["->", "skeleton", "float32", "batch × 3"]
    assert difference == "largest difference from torch's scores on random input: 2e-07"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a.onnx", "--stream", "skelton"], "(did you mean 'skeleton'?)"),
        (["a.pt"], "exported file must end in .onnx, got "),
    ],
)
def test_unfit_export_is_one_line(export, one_line, tmp_path, words, message):
    code, out, err = export(tmp_path / words[0], *words[1:])
    assert (code, out) == (1, "")
    assert message in one_line(err)
    assert not (tmp_path / words[0]).exists()

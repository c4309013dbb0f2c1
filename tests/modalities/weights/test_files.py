from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from triad.modalities.checks import InputError
from triad.modalities.weights import read_state_dict

STATE = {"conv.weight": torch.arange(6.0).view(2, 3)}


def read(path: Path) -> dict[str, torch.Tensor]:
    return read_state_dict(path, subject="weights file", cure="download it")


@pytest.mark.parametrize(
    "content",
    [
        STATE,
        {"state_dict": STATE, "meta": {"epoch": 3}},
        {"model": STATE, "optimizer": {"state": {}}},
        {"module": STATE},
        {"model_state_dict": STATE},
        {"net": STATE, "acc": 0.5},
        {"model": {"state_dict": STATE}},
        {**STATE, "epoch": 3},
    ],
)
def test_wrapped_state_dicts_are_opened(tmp_path: Path, content: dict[str, Any]):
    torch.save(content, tmp_path / "a.pth")
    assert torch.equal(read(tmp_path / "a.pth")["conv.weight"], STATE["conv.weight"])


def test_arrays_become_tensors(tmp_path: Path):
    torch.save({"state_dict": {"conv.weight": STATE["conv.weight"].numpy()}}, tmp_path / "a.pth")
    assert torch.equal(read(tmp_path / "a.pth")["conv.weight"], STATE["conv.weight"])


def test_safetensors_are_read(tmp_path: Path):
    save_file(STATE, tmp_path / "a.safetensors")
    assert torch.equal(read(tmp_path / "a.safetensors")["conv.weight"], STATE["conv.weight"])


@pytest.mark.parametrize("content", [b"", b"no tensors", b"\xff" * 64])
def test_damaged_safetensors_are_refused(tmp_path: Path, content: bytes):
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.safetensors'.*; download it"):
        read(tmp_path / "a.safetensors")


@pytest.mark.parametrize(
    ("content", "got"),
    [
        ([1, 2], "list"),
        ({}, "nothing"),
        ({"state_dict": {}}, "nothing"),
        ({"epoch": 3, "accuracy": 0.5}, "no tensors, but keys 'epoch', 'accuracy'"),
        (np.ones(3), "ndarray"),
    ],
)
def test_files_without_tensors_are_refused(tmp_path: Path, content: Any, got: str):
    torch.save(content, tmp_path / "a.pth")
    with pytest.raises(InputError, match=f"must hold a state dict, got {got}; download it"):
        read(tmp_path / "a.pth")

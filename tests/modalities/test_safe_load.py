import os

import numpy as np
import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.safe_load import read_tensors


class RunsCode:
    def __reduce__(self):
        return os.system, ("true",)


def test_tensors_are_read_on_the_cpu(tmp_path):
    torch.save({"weight": torch.ones(2)}, tmp_path / "a.pth")
    assert read_tensors(tmp_path / "a.pth", subject="checkpoint", cure="train")["weight"].tolist() == [1, 1]


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "bool"])
def test_arrays_are_read_only_if_allowed(tmp_path, dtype):
    torch.save({"sigmas": np.ones(3, dtype)}, tmp_path / "a.pth")
    content = read_tensors(tmp_path / "a.pth", subject="checkpoint", cure="train", arrays=True)
    assert content["sigmas"].dtype == dtype
    with pytest.raises(InputError, match=r"checkpoint '.*a.pth' must load with weights_only=True, .*; train"):
        read_tensors(tmp_path / "a.pth", subject="checkpoint", cure="train")


@pytest.mark.parametrize("arrays", [False, True])
def test_code_is_refused(tmp_path, arrays):
    torch.save(RunsCode(), tmp_path / "a.pth")
    with pytest.raises(InputError, match="must load with weights_only=True"):
        read_tensors(tmp_path / "a.pth", subject="checkpoint", cure="train", arrays=arrays)


def script_of(path):
    torch.jit.script(torch.nn.Linear(2, 2)).save(path)


def web_page(path):
    path.write_text("<!DOCTYPE html>\n<html><title>Not found</title></html>")


def lfs_pointer(path):
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")


def cut_off(path):
    torch.save({"weight": torch.ones(1000)}, path)
    path.write_bytes(path.read_bytes()[:2000])


@pytest.mark.parametrize(
    ("write", "content"),
    [
        (script_of, "a TorchScript program, which is code"),
        (web_page, "a web page instead of the file"),
        (lfs_pointer, "a pointer of Git LFS instead of the file"),
        (cut_off, "a file that is cut off"),
    ],
)
def test_other_files_are_named(tmp_path, write, content):
    write(tmp_path / "a.pth")
    with pytest.raises(InputError, match=f"must load with weights_only=True, got {content}; train"):
        read_tensors(tmp_path / "a.pth", subject="checkpoint", cure="train")

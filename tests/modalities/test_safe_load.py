import os

import numpy as np
import pytest
import torch

from modalities.checks import InputError
from modalities.safe_load import read_tensors


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

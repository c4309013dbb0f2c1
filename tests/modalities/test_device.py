"""Where networks run: what is best here, and what is not here."""

import onnxruntime
import pytest
import torch

from modalities.checks import InputError
from modalities.device import best_device, check_device
from modalities.skeleton.pose_estimation.onnx_model import best_onnx_device

BOTH = ["CUDAExecutionProvider", "CPUExecutionProvider"]


@pytest.mark.parametrize(
    ("gpu", "providers", "of_torch", "of_onnx"),
    [(True, BOTH, "cuda", "cuda"), (True, BOTH[1:], "cuda", "cpu"), (False, BOTH, "cpu", "cpu")],
)
def test_the_gpu_where_there_is_one_and_the_library_has_it(monkeypatch, gpu, providers, of_torch, of_onnx):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: providers)
    assert (best_device(), best_onnx_device()) == (of_torch, of_onnx)


def test_a_device_that_is_not_there():
    assert check_device("cpu") == torch.device("cpu")
    with pytest.raises(InputError, match="--device must be one that torch knows and this machine has, got 'gpu'"):
        check_device("gpu")

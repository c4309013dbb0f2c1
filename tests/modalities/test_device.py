import onnxruntime
import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.device import best_device, check_device, describe_hardware
from triad.modalities.onnx_model import best_onnx_device

PROVIDERS = ["CUDAExecutionProvider", "CPUExecutionProvider"]


@pytest.mark.parametrize(
    ("gpu", "providers", "torch_device", "onnx_device"),
    [(True, PROVIDERS, "cuda", "cuda"), (True, PROVIDERS[1:], "cuda", "cpu"), (False, PROVIDERS, "cpu", "cpu")],
)
def test_gpu_is_chosen_where_available(monkeypatch, gpu, providers, torch_device, onnx_device):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: providers)
    assert (best_device(), best_onnx_device()) == (torch_device, onnx_device)


def test_missing_device_is_refused():
    assert check_device("cpu") == torch.device("cpu")
    with pytest.raises(InputError, match="--device must be one that torch knows and this machine has, got 'gpu'"):
        check_device("gpu")


def test_hardware_is_named(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    assert describe_hardware() == "CPU, 1 thread"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA H100")
    assert describe_hardware() == "NVIDIA H100"

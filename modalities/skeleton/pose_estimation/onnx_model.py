"""A network in an ONNX file, run by onnxruntime on arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from modalities.atomic_files import sha256_of
from modalities.checks import check_file, fail
from modalities.device import best_device

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}


def best_onnx_device() -> str:
    """Where ONNX files run unless a user says otherwise: the GPU where there is one that onnxruntime can use."""
    return best_device() if PROVIDERS["cuda"] in onnxruntime.get_available_providers() else "cpu"


def provider_of(device: str, *, what: str) -> tuple[str, dict[str, str]]:
    """What onnxruntime calls a device, and which of several it is.

    Raises:
        InputError: if there is no such device, or onnxruntime is installed without it.
    """
    kind, _, number = device.partition(":")
    if kind not in PROVIDERS or not (number.isdecimal() or device == kind):
        fail(f"device of {what}", f"be one of {', '.join(PROVIDERS)}", f"'{device}'")
    if PROVIDERS[kind] not in onnxruntime.get_available_providers():
        cure = "install onnxruntime-gpu instead of onnxruntime, or run what needs the ONNX file without --device"
        fail(f"device of {what}", "be one that onnxruntime is installed for", f"'{device}'", cure)
    return PROVIDERS[kind], {"device_id": number} if number else {}


class OnnxModel:
    """Runs batches of any size; a file made for a fixed batch gets its own number at a time, the last one padded.

    It computes on one thread: workers are processes, and the result does not depend on how many cores there are.

    Args:
        path: of the file.
        what: what messages call it, e.g. ``"detector weights"``.
        cure: where to get it, in messages.
        device: ``cpu``, or ``cuda`` or ``cuda:1`` where onnxruntime-gpu is installed and works.
        largest: images that are computed at once, at most.

    Attributes:
        size_hw: height and width of its input.
        at_once: images of one run of the network.
        outputs: names of its outputs.
        provenance: SHA-256 of the file, size of its input, onnxruntime's version; the device where it is no CPU.

    Raises:
        InputError: if the file is missing or no ONNX network of one float input ``[B, 3, H, W]``, or there is no such
            device.
    """

    def __init__(self, path: str | Path, *, what: str, cure: str, device: str = "cpu", largest: int = 32) -> None:
        path = check_file(what, path, cure)
        provider, settings = provider_of(device, what=what)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors come as exceptions
        try:
            self._session = onnxruntime.InferenceSession(path, options, providers=[(provider, settings)])
        except Exception as error:  # onnxruntime raises a dozen kinds, all of RuntimeError's family or not
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            fail(f"{what} '{path}'", "be an ONNX file", f"'{reason:.120}'", cure)
        if provider not in self._session.get_providers():  # it goes on with the CPU, and says so in a log only
            must, cure = "be one that onnxruntime can use", "install the CUDA and cuDNN that it wants, or leave it out"
            fail(f"device of {what}", must, f"'{device}', which it has given up", cure)
        inputs = self._session.get_inputs()
        shape = inputs[0].shape
        fits = len(inputs) == 1 and len(shape) == 4 and shape[1] == 3 and inputs[0].type == "tensor(float)"
        if not fits or not all(isinstance(side, int) for side in shape[2:]):
            got = [f"{entry.type} {entry.shape}" for entry in inputs]
            fail(f"{what} '{path}'", "take one input float [B, 3, height, width], both sides given", got, cure)
        self.sha256, self.device = sha256_of(path), device.partition(":")[0]
        self.size_hw: tuple[int, int] = (shape[2], shape[3])
        self.outputs = [output.name for output in self._session.get_outputs()]
        self._input, self._fixed = inputs[0].name, shape[0] if isinstance(shape[0], int) else None
        self.at_once = self._fixed or largest

    @property
    def provenance(self) -> dict[str, Any]:
        where = {} if self.device == "cpu" else {"device": self.device}  # files made on a CPU have never said it
        return {"weights": self.sha256, "input": list(self.size_hw), "onnxruntime": onnxruntime.__version__, **where}

    def __call__(self, images: np.ndarray) -> list[np.ndarray]:
        """All outputs for images float32 ``[B, 3, H, W]``, each an array ``[B, …]``; ``B`` must be 1 or more."""
        parts = []
        for start in range(0, len(images), self.at_once):
            batch = images[start : start + self.at_once]
            missing = (self._fixed or len(batch)) - len(batch)
            padded = np.concatenate([batch, np.zeros((missing, *batch.shape[1:]), np.float32)]) if missing else batch
            outputs = self._session.run(None, {self._input: padded})
            parts.append([output[: len(batch)] for output in outputs])
        return [np.concatenate(part) for part in zip(*parts, strict=True)]

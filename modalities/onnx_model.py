"""Network of an ONNX file, run by onnxruntime on arrays."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import onnxruntime

from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import check_file, fail, printable
from triad.modalities.device import best_device

_logger = logging.getLogger(__name__)
PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
GPU_SETTINGS = {"cudnn_conv_algo_search": "HEURISTIC", "arena_extend_strategy": "kSameAsRequested"}
"""Settings of onnxruntime on a GPU: it would try all algorithms for every new number of persons, and double its memory
whenever it needs more."""


def best_onnx_device() -> str:
    """Return the default device of ONNX files: the GPU where there is one that onnxruntime can use."""
    return best_device() if has_provider("cuda") else "cpu"


def has_provider(device: str) -> bool:
    """Return whether onnxruntime is installed for the kind of a device, such as ``cuda:1``."""
    return PROVIDERS.get(device.partition(":")[0]) in onnxruntime.get_available_providers()


def usable_device(device: str) -> str:
    """Return the device of ONNX files beside networks of torch: the CPU, with a warning, where onnxruntime has no GPU.

    Args:
        device: device of all networks as torch names it.
    """
    if device.partition(":")[0] != "cuda" or has_provider(device):
        return device
    _warn_of_cpu()
    return "cpu"


@cache
def _warn_of_cpu() -> None:
    if multiprocessing.parent_process() is None:  # once, not by every worker
        _logger.warning("ONNX files run on the CPU: onnxruntime is installed without CUDA; pip install onnxruntime-gpu")


def provider_of(device: str, *, subject: str) -> tuple[str, dict[str, str]]:
    """Return onnxruntime's name of a device, and its settings: those of a GPU, and its number where it has one.

    Args:
        device: ``cpu``, ``cuda`` or ``cuda:1``.
        subject: name of the model in errors.

    Raises:
        InputError: If there is no such device, or onnxruntime is installed without it.
    """
    kind, _, number = device.partition(":")
    if kind not in PROVIDERS or not (number.isdecimal() or device == kind):
        fail(f"device of {subject}", f"be one of {', '.join(PROVIDERS)}", f"'{device}'")
    if not has_provider(kind):
        cure = "install onnxruntime-gpu instead of onnxruntime, or run the ONNX file without --device"
        fail(f"device of {subject}", "be one that onnxruntime is installed for", f"'{device}'", cure)
    settings = {} if kind == "cpu" else {**GPU_SETTINGS, **({"device_id": number} if number else {})}
    return PROVIDERS[kind], settings


def check_single_file(subject: str, path: Path) -> None:
    """Refuse an ONNX file that names other files for its weights: their bytes are not in the file's SHA-256.

    A file that is not of ONNX passes, because onnxruntime says what is wrong with it; only its own format, with the
    suffix ``.ort``, is refused here.

    Args:
        subject: name of the model in errors.
        path: path of the file.

    Raises:
        InputError: naming the other file, and how to make one of both.
    """
    if path.suffix.lower() == ".ort":
        fail(
            f"{subject} '{path}'", "be an ONNX file", "onnxruntime's own format", "give the .onnx that it was made from"
        )
    import onnx  # takes a quarter of a second, and commands without a model would wait for it

    try:
        model = onnx.load(path, format="protobuf", load_external_data=False)
    except Exception:  # protobuf's errors have no common class
        return
    for tensor in _iter_tensors(model):
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            names = [entry.value for entry in tensor.external_data if entry.key == "location"]
            got = f"weights in '{printable(', '.join(names))}'"
            cure = "save it as one file: onnx.save(onnx.load(FILE), NEW_FILE)"
            fail(f"{subject} '{path}'", "hold its own weights", got, cure)


def _iter_tensors(message: Any) -> Iterator[Any]:
    """Give all tensors within a message of protobuf: weights, and attributes of nodes in graphs of any depth."""
    for field, value in message.ListFields():
        if field.message_type is None:  # numbers or text
            continue
        for child in [value] if hasattr(value, "ListFields") else value:
            if field.message_type.name == "TensorProto":
                yield child
            else:
                yield from _iter_tensors(child)


class OnnxModel:
    """Runs batches of any size; for a file with a fixed batch size, the last batch is padded.

    On a GPU a network that was exported for one image takes batches where that changes nothing, see
    :mod:`triad.modalities.onnx_batching`.

    It computes on one thread: workers are processes, and the result does not depend on the number of cores.

    Args:
        path: path of the file.
        subject: name of the model in errors, e.g. ``"detector weights"``.
        cure: advice in errors: where to download it.
        device: ``cpu``, or ``cuda`` or ``cuda:1`` where onnxruntime-gpu is installed and works.
        max_batch_size: number of images in one run of a network with a variable batch size.

    Attributes:
        channels_last: whether the input is int32 ``[B, H, W, 3]``, as TensorFlow's networks have it, instead of float32
            ``[B, 3, H, W]``.
        size_hw: height and width of the input.
        batch_size: number of images in one run of the network.
        outputs: names of the outputs.
        provenance: SHA-256 of the file, size of the input, onnxruntime's version; the device unless it is the CPU.

    Raises:
        InputError: If the file is missing or no ONNX network of one input, float ``[B, 3, H, W]`` or int32
            ``[B, H, W, 3]``, if its weights lie in other files, or there is no such device.
    """

    def __init__(
        self, path: str | Path, *, subject: str, cure: str, device: str = "cpu", max_batch_size: int = 32
    ) -> None:
        path = check_file(subject, path, cure)
        check_single_file(subject, path)
        provider, settings = provider_of(device, subject=subject)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors come as exceptions

        def open_session(source: Path | bytes) -> onnxruntime.InferenceSession:
            providers = [(provider, settings)]
            return onnxruntime.InferenceSession(
                source, options, providers=providers, enable_fallback=provider != PROVIDERS["cpu"]
            )

        try:
            self._session = open_session(path)
            inputs = self._session.get_inputs()
            self.outputs = [output.name for output in self._session.get_outputs()]
        except Exception as error:  # onnxruntime raises a dozen kinds, all of RuntimeError's family or not
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            fail(f"{subject} '{path}'", "be an ONNX file", f"'{reason:.120}'", cure)
        if provider not in self._session.get_providers():  # onnxruntime falls back to the CPU with no more than a log
            must = "be one that onnxruntime can use"
            cure = "install the CUDA and cuDNN that it needs, or leave it out"
            fail(f"device of {subject}", must, f"'{device}', which it has given up", cure)
        shape = inputs[0].shape if inputs else []
        self.channels_last = bool(inputs) and inputs[0].type == "tensor(int32)"
        sides = slice(1, 3) if self.channels_last else slice(2, 4)
        fits = len(inputs) == 1 and len(shape) == 4 and inputs[0].type in ("tensor(float)", "tensor(int32)")
        fits = fits and shape[3 if self.channels_last else 1] == 3
        if not fits or not all(isinstance(side, int) for side in shape[sides]):
            got = [f"{entry.type} {entry.shape}" for entry in inputs]
            must = "take one input, float [B, 3, height, width] or int32 [B, height, width, 3], both sides given"
            fail(f"{subject} '{path}'", must, got, cure)
        self.sha256 = sha256_of(path)
        self.device = device.partition(":")[0]
        self.size_hw: tuple[int, int] = tuple(shape[sides])
        self._input = inputs[0].name
        # of several videos at once, each run would take its own memory of a GPU
        self._turn: AbstractContextManager[object] = nullcontext() if self.device == "cpu" else Lock()
        self._fixed_batch_size = shape[0] if isinstance(shape[0], int) else None
        if self._fixed_batch_size == 1 and self.device != "cpu":
            self._take_batches(path, open_session)
        self.batch_size = self._fixed_batch_size or max_batch_size

    @property
    def provenance(self) -> dict[str, Any]:
        device = {} if self.device == "cpu" else {"device": self.device}  # files made on a CPU have never named it
        return {"weights": self.sha256, "input": list(self.size_hw), "onnxruntime": onnxruntime.__version__, **device}

    def __call__(self, images: np.ndarray) -> list[np.ndarray]:
        """Return all outputs ``[B, …]`` for images in the axes and the type of the input; ``B`` must be 1 or more."""
        results = []
        for start in range(0, len(images), self.batch_size):
            batch = images[start : start + self.batch_size]
            size = len(batch)
            missing = (self._fixed_batch_size or size) - size
            if missing:
                batch = np.concatenate([batch, np.zeros((missing, *batch.shape[1:]), batch.dtype)])
            with self._turn:
                outputs = self._session.run(None, {self._input: batch})
            results.append([output[:size] for output in outputs])
        return [np.concatenate(batches) for batches in zip(*results, strict=True)]

    def outputs_of_black(self) -> list[np.ndarray]:
        """Return all outputs for one black image, from whose shapes a network is recognised."""
        return self(self._black_image())

    def _black_image(self) -> np.ndarray:
        if self.channels_last:
            return np.zeros((1, *self.size_hw, 3), np.int32)
        return np.zeros((1, 3, *self.size_hw), np.float32)

    def _take_batches(self, path: Path, open_session: Callable[[bytes], onnxruntime.InferenceSession]) -> None:
        """Run the network with a variable batch size instead, if it gives the same."""
        from triad.modalities.onnx_batching import free_batch_size, takes_batches  # onnx is slow to import

        quiet = onnxruntime.RunOptions()
        quiet.log_severity_level = 4
        original = self._session
        try:
            freed = open_session(free_batch_size(path))
        except Exception:  # onnxruntime raises a dozen kinds; the original network still serves
            return
        if takes_batches(
            lambda batch: original.run(None, {self._input: batch}),
            lambda batch: freed.run(None, {self._input: batch}, quiet),
            self._black_image(),
        ):
            self._session = freed
            self._fixed_batch_size = None

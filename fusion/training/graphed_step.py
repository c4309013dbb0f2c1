"""Training step that a GPU replays as one CUDA graph, without telling it thousands of operations one by one.

It is what the key ``compile`` of a config chooses, in place of ``torch.compile``: recording takes as long as one step,
compiling minutes for every shape of batch (on one CPU core 145 s for a narrow ST-GCN++, 660 s for CTR-GCN).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import torch
from mmengine.logging import print_log
from mmengine.model import BaseModel
from mmengine.optim import OptimWrapper
from torch import Tensor, nn

from triad.fusion.models import FEATURES, Preprocessor, Recognizer
from triad.fusion.models.presence import PRESENCE
from triad.fusion.training.device_prefetcher import tensors_in
from triad.modalities.checks import fail
from triad.modalities.skeleton.encoders import CtrGcn, StGcnPlusPlus

MOST_GRAPHS = 32
"""Shapes of batches that have a graph; each keeps the gradients of all parameters."""
MOST_SHAPES = 1000
RECORDED_UNASKED = (StGcnPlusPlus, CtrGcn)
"""Networks whose operations take a GPU less time than the host to name them; others are recorded where asked."""

Losses = dict[str, Tensor]
Recorder = Callable[[Callable[[], Losses]], tuple[Callable[[], None], Losses]]
"""Function that records a call and returns its repetition, which writes into the tensors of the first result."""


class GraphedStep:
    """``train_step`` of a recognizer that is recorded for each shape of batch and then replayed.

    Preparation on the device, forward and backward pass are one graph; clipping and optimizer follow it. Results are
    those of ``Recognizer.train_step``: the first batch of a shape takes an ordinary step, which also initialises what
    libraries initialise, the second one is recorded and replayed. Batches in which a sample lacks a stream, and those
    of the shapes after the first 32, take ordinary steps too, as does a network that draws random numbers on the host.

    Args:
        model: recognizer on one device, not wrapped.
        record: recorder; None for CUDA graphs.
    """

    def __init__(self, model: Recognizer, *, record: Recorder | None = None) -> None:
        self.model = model
        self.modules = [*model.modules()]
        self.parameters = [*model.parameters()]
        self.stream = torch.cuda.Stream() if record is None else None
        self.record = record or CudaRecorder(self.stream)
        self.graphs: dict[Hashable, _Graph] = {}
        self.shapes: set[Hashable] = set()
        self.is_repeatable = True

    def __call__(self, data: Mapping[str, Any], optim_wrapper: OptimWrapper) -> Losses:
        batch = self._preprocessor.to_device(data)
        with _on_stream(self.stream):
            graph = self._graph_of(batch, optim_wrapper)
            losses = self._first_step(batch, optim_wrapper) if graph is None else graph.replay(batch)
            optim_wrapper.step()
            optim_wrapper.zero_grad()
        return losses

    @property
    def _preprocessor(self) -> Preprocessor:
        return self.model.data_preprocessor

    def _graph_of(self, batch: Mapping[str, Any], optim_wrapper: OptimWrapper) -> _Graph | None:
        """Return the graph of a batch, recorded if its shape was seen before; None for an ordinary step."""
        if not (self.is_repeatable and _is_complete(batch)):
            return None
        shape = shape_of_batch(batch), self._mode()
        if shape in self.graphs:
            return self.graphs[shape]
        if shape not in self.shapes or len(self.graphs) == MOST_GRAPHS:
            if len(self.shapes) < MOST_SHAPES:
                self.shapes.add(shape)
            return None
        if not self.graphs:
            print_log("compile: training steps are recorded as CUDA graphs, one for each shape of batch", "current")
        inputs = copy_batch(batch, {})
        self.model.zero_grad()
        try:
            repeat, losses = self.record(lambda: self._compute(inputs, optim_wrapper))
        except RuntimeError as error:
            got = str(error).splitlines()[0]
            fail("training step", "be one that CUDA can record", got, "give --cfg-options compile=False")
        gradients = [(parameter, parameter.grad) for parameter in self.parameters if parameter.grad is not None]
        self.graphs[shape] = _Graph(inputs, repeat, losses, gradients)
        return self.graphs[shape]

    def _mode(self) -> bytes:
        """Return which parts of the model train and which parameters learn: hooks may freeze some later."""
        training = [module.training for module in self.modules]
        return bytes(training + [parameter.requires_grad for parameter in self.parameters])

    def _first_step(self, batch: Mapping[str, Any], optim_wrapper: OptimWrapper) -> Losses:
        before = _host_randomness()
        losses = self._compute(batch, optim_wrapper)
        if self.is_repeatable and _host_randomness() != before:
            self.is_repeatable = False
            print_log("compile: the network draws random numbers on the host, its steps are not recorded", "current")
        return losses

    def _compute(self, batch: Mapping[str, Any], optim_wrapper: OptimWrapper) -> Losses:
        """Compute the gradients of all parameters and return the losses by name, as ``train_step`` does."""
        with optim_wrapper.optim_context(self.model):
            losses = self.model(self._preprocessor.transform(batch), mode="loss")
        loss, logged = self.model.parse_losses(losses)
        optim_wrapper.backward(loss)
        return {name: value.detach() for name, value in logged.items()}


@dataclass
class _Graph:
    """Recorded step: the batch that it reads, its repetition, and the tensors that this writes."""

    inputs: dict[str, Any]
    repeat: Callable[[], None]
    losses: Losses
    gradients: list[tuple[nn.Parameter, Tensor]]

    def replay(self, batch: Mapping[str, Any]) -> Losses:
        copied = set()
        for target, source in zip(tensors_in(self.inputs), tensors_in(batch), strict=True):
            if id(target) not in copied:  # a mask is in several places
                target.copy_(source, non_blocking=True)
                copied.add(id(target))
        self.repeat()
        for parameter, gradient in self.gradients:
            parameter.grad = gradient
        return {name: loss.clone() for name, loss in self.losses.items()}  # kept until they are logged


class CudaRecorder:
    """Recorder of CUDA graphs, which share their memory: one alone runs at a time.

    Args:
        stream: stream of all steps, those that are not recorded included.
    """

    def __init__(self, stream: torch.cuda.Stream | None) -> None:
        self.stream = stream
        self.pool = torch.cuda.graph_pool_handle()

    def __call__(self, function: Callable[[], Losses]) -> tuple[Callable[[], None], Losses]:
        graph = torch.cuda.CUDAGraph()
        # other threads, which pin batches, go on meanwhile
        with torch.cuda.graph(graph, pool=self.pool, stream=self.stream, capture_error_mode="thread_local"):
            losses = function()
        return graph.replay, losses


def obstacle_to_recording(model: nn.Module, optim_wrapper: Any) -> str | None:
    """Return why the steps of a training cannot be recorded; None if they can."""
    if not isinstance(model, Recognizer):
        return f"a {type(model).__name__}"  # of several processes, or an estimator
    if type(model).train_step is not BaseModel.train_step:
        return f"a train_step of {type(model).__name__}'s own"
    if not isinstance(optim_wrapper, OptimWrapper):
        return "several optimizers"
    if type(optim_wrapper).update_params is not OptimWrapper.update_params:
        return f"an update_params of {type(optim_wrapper).__name__}'s own"
    if optim_wrapper._accumulative_counts != 1:
        return f"gradients accumulated over {optim_wrapper._accumulative_counts} batches"
    return None


def is_recorded_unasked(model: nn.Module) -> bool:
    """Return whether all streams of a model are read by networks whose recording was seen to be right on a GPU."""
    encoders = model.encoders.values() if isinstance(model, Recognizer) else ()
    return bool(encoders) and all(type(encoder) in RECORDED_UNASKED for encoder in encoders)


def shape_of_batch(value: Any) -> Hashable:
    """Return all of a batch on the device that a recorded step depends on, but the values of its tensors."""
    if isinstance(value, Tensor):
        return value.dtype, tuple(value.shape)
    if isinstance(value, Mapping):
        return tuple((name, shape_of_batch(inner)) for name, inner in value.items() if name != "id")
    if isinstance(value, list | tuple):
        return tuple(map(shape_of_batch, value))
    if is_dataclass(value):
        return tuple(shape_of_batch(getattr(value, one.name)) for one in fields(value))
    return value  # type: ignore[no-any-return]


def copy_batch(value: Any, copies: dict[int, Any]) -> Any:
    """Return a batch of new tensors; equal objects of it stay equal objects.

    Args:
        value: the batch or a part of it.
        copies: copies by the identity of their originals.
    """
    if isinstance(value, Tensor):
        return copies.setdefault(id(value), value.clone())
    if isinstance(value, Mapping):
        return {name: copy_batch(inner, copies) for name, inner in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{one.name: copy_batch(getattr(value, one.name), copies) for one in fields(value)})
    return value


def _is_complete(batch: Mapping[str, Any]) -> bool:
    """Return whether all samples of a batch have all streams, and the host knows it."""
    entries = [entry for entry in (*batch.values(), *batch.get(FEATURES, {}).values()) if isinstance(entry, Mapping)]
    return all(
        PRESENCE in entry and len(entry[PRESENCE].samples) == len(entry["present"])
        for entry in entries
        if "present" in entry
    )


def _host_randomness() -> tuple[Any, ...]:
    """Return the state of all random generators of the host."""
    of_numpy: Any = np.random.get_state()  # noqa: NPY002  # networks that are not ours may draw from it
    return random.getstate(), of_numpy[1].tobytes(), of_numpy[2], torch.get_rng_state().numpy().tobytes()


@contextmanager
def _on_stream(stream: torch.cuda.Stream | None) -> Iterator[None]:
    """Give the operations of a block to a stream, after those before it and before those after it."""
    if stream is None:
        yield
        return
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        yield
    torch.cuda.current_stream().wait_stream(stream)

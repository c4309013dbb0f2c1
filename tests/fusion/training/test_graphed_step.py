from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from brief_training import BRIEF, LEAF
from mmengine.optim import OptimWrapper
from mmengine.runner import Runner
from tiny_recognizer import build_recognizer, make_batch
from torch import Tensor, nn

from triad import CONFIGS
from triad.fusion.models import Recognizer
from triad.fusion.training import graphed_step, triad_runner
from triad.fusion.training.config import build_config
from triad.fusion.training.graphed_step import (
    GraphedStep,
    copy_batch,
    is_recorded_unasked,
    obstacle_to_recording,
    shape_of_batch,
)
from triad.fusion.training.runner import build_runner
from triad.modalities.checks import InputError
from triad.modalities.registry import MODELS

ALL = [True, True]


class CpuRecorder:
    """Recorder as CUDA graphs are: recording computes nothing, repeating writes into the tensors of the recording."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.recorded = 0
        self.repeated = 0

    def __call__(self, function: Callable[[], dict[str, Tensor]]) -> tuple[Callable[[], None], dict[str, Tensor]]:
        self.recorded += 1
        before = {name: buffer.clone() for name, buffer in self.model.named_buffers()}
        losses = function()
        for name, buffer in self.model.named_buffers():
            buffer.copy_(before[name])
        gradients = [parameter.grad for parameter in self.model.parameters()]
        for tensor in (*losses.values(), *(gradient for gradient in gradients if gradient is not None)):
            tensor.fill_(torch.nan)

        def repeat() -> None:
            self.repeated += 1
            self.model.zero_grad()
            for name, value in function().items():
                losses[name].copy_(value)
            for parameter, gradient in zip(self.model.parameters(), gradients, strict=True):
                if gradient is not None:
                    gradient.copy_(parameter.grad)
                parameter.grad = None

        return repeat, losses


def train(data: Path, work_dir: Path, *options: str, graphed: bool) -> tuple[Runner, CpuRecorder]:
    options = (*BRIEF, "model.dropout=0.0", "train_cfg.max_epochs=3", *options)
    runner = build_runner(build_config(LEAF, options=options, data=data, work_dir=work_dir))
    recorder = CpuRecorder(runner.model)
    if graphed:
        runner.model.train_step = GraphedStep(runner.model, record=recorder)
    runner.train()
    return runner, recorder


def graphed_recognizer() -> tuple[GraphedStep, CpuRecorder, OptimWrapper]:
    model = build_recognizer(dropout=0.0).train()
    recorder = CpuRecorder(model)
    wrapper = OptimWrapper(torch.optim.SGD(model.parameters(), lr=0.1))
    return GraphedStep(model, record=recorder), recorder, wrapper


def test_recorded_training_equals_ordinary(tiny, tmp_path):
    runner, recorder = train(tiny, tmp_path / "graphed", graphed=True)
    ordinary, _ = train(tiny, tmp_path / "ordinary", graphed=False)
    assert recorder.recorded == 2  # the last batch of an epoch is smaller
    assert recorder.repeated == runner.iter - 2
    expected = ordinary.model.state_dict()
    assert list(runner.model.state_dict()) == list(expected)
    for name, value in runner.model.state_dict().items():
        assert torch.equal(value, expected[name]), name
    histories = [one.message_hub.get_scalar("train/loss").data[0] for one in (runner, ordinary)]
    assert histories[0].tolist() == histories[1].tolist()


def test_each_shape_is_recorded_once():
    step, recorder, wrapper = graphed_recognizer()
    for size in (2, 3, 2, 3, 2):
        step(make_batch({"rgb": [True] * size, "flow": [True] * size}), wrapper)
    assert (recorder.recorded, recorder.repeated) == (2, 3)


def test_number_of_graphs_is_bounded(monkeypatch):
    monkeypatch.setattr(graphed_step, "MOST_GRAPHS", 1)
    step, recorder, wrapper = graphed_recognizer()
    for size in (2, 3, 2, 3, 2, 3):
        step(make_batch({"rgb": [True] * size, "flow": [True] * size}), wrapper)
    assert (recorder.recorded, recorder.repeated) == (1, 2)


def test_part_frozen_later_is_recorded_anew():
    step, recorder, wrapper = graphed_recognizer()
    batch = make_batch({"rgb": ALL, "flow": ALL})
    for _ in range(2):
        step(batch, wrapper)
    frozen = step.model.encoders["rgb"].requires_grad_(False)
    expected = frozen.conv.weight.clone()
    for _ in range(3):
        step(batch, wrapper)
    assert torch.equal(frozen.conv.weight, expected)
    frozen.eval()
    mean = frozen.norm.running_mean.clone()
    for _ in range(3):
        step(batch, wrapper)
    assert torch.equal(frozen.norm.running_mean, mean)
    assert recorder.recorded == 3


def test_lacking_stream_takes_ordinary_step():
    step, recorder, wrapper = graphed_recognizer()
    for _ in range(3):
        losses = step(make_batch({"rgb": [True, False], "flow": ALL}), wrapper)
    assert recorder.recorded == 0
    assert losses["loss"].isfinite()


def test_losses_outlive_next_step():
    step, _, wrapper = graphed_recognizer()
    batch = make_batch({"rgb": ALL, "flow": ALL})
    losses = [step(batch, wrapper)["loss"] for _ in range(4)]
    assert len({loss.item() for loss in losses}) == 4  # the weights change, and no loss is written over


def test_random_numbers_of_host_prevent_recording():
    step, recorder, wrapper = graphed_recognizer()
    step.model.heads["rgb"].dropout.p = 0.5  # on the CPU
    for _ in range(3):
        step(make_batch({"rgb": ALL, "flow": ALL}), wrapper)
    assert recorder.recorded == 0


def test_copied_batch_keeps_equal_masks():
    step, _, _ = graphed_recognizer()
    batch = step.model.data_preprocessor.to_device(make_batch({"rgb": ALL, "flow": ALL}))
    copied = copy_batch(batch, {})
    assert copied["rgb"]["presence"].mask is copied["rgb"]["present"]
    assert copied["rgb"]["data"] is not batch["rgb"]["data"]
    assert torch.equal(copied["rgb"]["data"], batch["rgb"]["data"])
    assert shape_of_batch(copied) == shape_of_batch(batch)


def test_shape_holds_fields_of_view():
    batch = {"view": {"flip": torch.zeros(2)}, "id": ["a", "b"]}
    assert shape_of_batch(batch) == shape_of_batch({**batch, "id": ["c", "d"]})
    assert shape_of_batch(batch) != shape_of_batch({**batch, "view": {}})
    assert shape_of_batch(batch) != shape_of_batch({**batch, "view": {"flip": torch.zeros(3)}})


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("optim_wrapper.accumulative_counts=2", r"steps after every batch, got gradients accumulated over 2 batches;"),
        ("compile={'mode':'max-autotune'}", r"compile must be True or False"),
    ],
)
def test_what_cannot_be_recorded_is_refused(tiny, tmp_path, option, message):
    options = [option] if option.startswith("compile") else [option, "compile=True"]
    with pytest.raises(InputError, match=message):
        train(tiny, tmp_path, *options, graphed=False)


def test_steps_of_own_classes_are_not_recorded():
    """Recording would pass over what they do, such as a second gradient."""

    class OwnWrapper(OptimWrapper):
        def update_params(self, loss: Tensor, *args: Any, **kwargs: Any) -> None: ...

    class OwnRecognizer(Recognizer):
        def train_step(self, data: Any, optim_wrapper: Any) -> dict[str, Tensor]:
            return {}

    step, _, wrapper = graphed_recognizer()
    assert obstacle_to_recording(step.model, wrapper) is None
    own_wrapper = OwnWrapper(wrapper.optimizer)
    assert obstacle_to_recording(step.model, own_wrapper) == "an update_params of OwnWrapper's own"
    step.model.__class__ = OwnRecognizer
    assert obstacle_to_recording(step.model, wrapper) == "a train_step of OwnRecognizer's own"


def test_error_of_recording_names_the_cure():
    step, _, wrapper = graphed_recognizer()

    def refuse(function: Callable[[], dict[str, Tensor]]) -> tuple[Callable[[], None], dict[str, Tensor]]:
        raise RuntimeError("operation not permitted when stream is capturing\nsecond line")

    step.record = refuse
    batch = make_batch({"rgb": ALL, "flow": ALL})
    step(batch, wrapper)
    with pytest.raises(
        InputError, match=r"got operation not permitted .* capturing; give --cfg-options compile=False$"
    ):
        step(batch, wrapper)


def test_tried_networks_are_recorded_unasked():
    assert is_recorded_unasked(MODELS.build(build_config(LEAF, options=BRIEF).model))
    assert not is_recorded_unasked(build_recognizer())
    lstm = CONFIGS / "skeleton/lstm_nucla.py"
    assert not is_recorded_unasked(MODELS.build(build_config(lstm).model))
    assert not is_recorded_unasked(nn.Linear(1, 1))


@pytest.mark.parametrize(
    ("option", "is_recorded"),
    [("compile=None", True), ("compile=False", False), ("optim_wrapper.accumulative_counts=2", False)],
)
def test_gpu_records_unless_told_otherwise(tiny, tmp_path, monkeypatch, option, is_recorded):
    runner = build_runner(build_config(LEAF, options=(*BRIEF, option), data=tiny, work_dir=tmp_path))
    runner.optim_wrapper = runner.build_optim_wrapper(runner.optim_wrapper)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(triad_runner, "GraphedStep", lambda model: "recorded")
    runner._maybe_compile("train_step")
    assert vars(runner.model).get("train_step") == ("recorded" if is_recorded else None)


def test_cpu_says_that_it_records_nothing(tiny, tmp_path, caplog):
    runner, _ = train(tiny, tmp_path, "compile=True", graphed=False)
    assert "compile=True changes nothing without a GPU" in caplog.text
    assert "train_step" not in vars(runner.model)

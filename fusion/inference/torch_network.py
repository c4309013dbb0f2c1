"""A trained recognizer as a network of prediction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from fusion.attention import SeparableSTA
from fusion.data.collate import Batch
from fusion.index.stream_sources import source_of
from fusion.inference.interfaces import Model, StreamInput
from fusion.inference.loaded_model import LoadedModel, load_for_inference
from fusion.models import Recognizer
from fusion.predictions import FUSED
from modalities.device import check_device
from modalities.registry import TRANSFORMS


class AttentionMaps(NamedTuple):
    """Where and when a network looked in each sample of a batch.

    Attributes:
        stream: the video that it looked at.
        alpha: weight of each place, 0–1, ``[B, h, w]``.
        beta: weight of each time, ``[B, T]``; they sum to 1.
    """

    stream: str
    alpha: np.ndarray
    beta: np.ndarray


class TorchNetwork:
    """Runs a recognizer as ``test`` does, see :class:`fusion.inference.interfaces.Network`.

    Args:
        recognizer: in evaluation, on its device.
        half: compute in half precision: bfloat16 where the device has it, else float16.

    Attributes:
        attended: where it looked in the last batch; None where it has no attention over frames, or none to look at.
    """

    def __init__(self, recognizer: Recognizer, *, half: bool = False) -> None:
        self.recognizer, self.half = recognizer, half
        self.attended: AttentionMaps | None = None

    def __call__(self, batch: Batch) -> dict[str, np.ndarray]:
        seen: dict[str, Any] = {}
        attention = self.recognizer.attention
        handle = None
        if isinstance(attention, SeparableSTA):
            handle = attention.register_forward_pre_hook(lambda module, inputs: seen.update(inputs[0]))
        try:
            with torch.inference_mode(), self._precision():
                rows = self.recognizer(**self.recognizer.data_preprocessor(batch, False), mode="predict")
                self.attended = self._look(attention, seen, len(rows)) if handle is not None else None
        finally:
            if handle is not None:
                handle.remove()
        return _scores(rows, self.recognizer)

    def _precision(self) -> AbstractContextManager[Any]:
        if not self.half:
            return nullcontext()
        device = next(self.recognizer.parameters()).device.type
        coarse = device == "cuda" and not torch.cuda.is_bf16_supported()
        return torch.autocast(device, dtype=torch.float16 if coarse else torch.bfloat16)

    def _look(self, attention: SeparableSTA, features: dict[str, Any], size: int) -> AttentionMaps | None:
        video = features.get(attention.video)
        if video is None or len(video.rows) < size:
            return None
        alpha, beta, _ = attention.align(features)
        return AttentionMaps(attention.video, alpha.float().cpu().numpy(), beta.float().cpu().numpy())


def _scores(rows: Sequence[dict[str, Any]], recognizer: Recognizer) -> dict[str, np.ndarray]:
    nothing = {"score": np.zeros(recognizer.num_classes, np.float32)}
    scores = {
        name: np.stack([row["streams"].get(name, nothing)["score"] for row in rows]) for name in recognizer.streams
    }
    if len(scores) > 1:
        scores[FUSED] = np.stack([row["fused"] for row in rows])
    return scores


def open_model(
    checkpoint: str | Path,
    config: str | Path | None = None,
    options: Sequence[str] = (),
    *,
    device: str,
    half: bool = False,
) -> Model:
    """A trained model, ready to predict.

    Args:
        checkpoint: a file, or a work folder: the last one of it.
        config: as :func:`fusion.inference.loaded_model.load_for_inference` takes it.
        options: the same.
        device: ``cpu``, ``cuda``, ``cuda:1``.
        half: compute in half precision.

    Raises:
        InputError: as :func:`load_for_inference`, or if there is no such device.
    """
    trained = load_for_inference(checkpoint, config, options)
    trained.recognizer.to(check_device(device))
    name = Path(checkpoint).name if Path(checkpoint).is_dir() else trained.checkpoint.parent.name
    return Model(
        name=name,
        network=TorchNetwork(trained.recognizer, half=half),
        classes=trained.classes,
        readings=stream_inputs_of(trained),
        temporal_sampler=TRANSFORMS.build(trained.config.test_dataloader["dataset"]["temporal_sampler"]),
        lengths=trained.lengths,
    )


def stream_inputs_of(trained: LoadedModel) -> dict[str, StreamInput]:
    """How each stream of a trained model is read."""
    return {
        name: StreamInput(TRANSFORMS.build(stream["reader"]), stream["num_frames"], source_of(name, stream))
        for name, stream in trained.config.streams.items()
    }

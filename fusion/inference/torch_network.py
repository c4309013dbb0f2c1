"""Network of prediction that runs a trained recognizer with torch."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch

from triad.fusion.data import Batch
from triad.fusion.index import source_of
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.fusion.inference.loaded_model import LoadedModel, load_for_inference
from triad.fusion.models import Recognizer, SampleMap, sample_maps
from triad.fusion.predictions import FUSED
from triad.fusion.training.loading import average_of, views_of
from triad.modalities.device import check_device
from triad.modalities.registry import TRANSFORMS


class TorchNetwork:
    """Runs a recognizer as ``test`` does, see :class:`triad.fusion.inference.interfaces.Network`.

    Args:
        recognizer: recognizer in evaluation mode, on its device.
        half: whether to compute in half precision: bfloat16 where the device has it, else float16.

    Attributes:
        attention_maps: maps of the fusion modules for each sample of the last batch; those of streams that a sample
            lacks are left out.
    """

    def __init__(self, recognizer: Recognizer, *, half: bool = False) -> None:
        self.recognizer = recognizer
        self.half = half
        self.attention_maps: Sequence[tuple[SampleMap, ...]] = ()

    def __call__(self, batch: Batch) -> dict[str, np.ndarray]:
        model = self.recognizer
        with torch.inference_mode(), self._precision():
            prepared = model.data_preprocessor(batch, False)["batch"]
            classification = model.classify(model.encode(prepared)[0], prepared)
            rows = model.predictions(classification, prepared)
        transforms = model.data_preprocessor.transforms
        self.attention_maps = [sample_maps(classification.maps, prepared, row, transforms) for row in range(len(rows))]
        return _stack_scores(rows, model)

    def _precision(self) -> AbstractContextManager[Any]:
        if not self.half:
            return nullcontext()
        device = next(self.recognizer.parameters()).device.type
        lacks_bfloat16 = device == "cuda" and not torch.cuda.is_bf16_supported()
        return torch.autocast(device, dtype=torch.float16 if lacks_bfloat16 else torch.bfloat16)


def _stack_scores(rows: Sequence[dict[str, Any]], recognizer: Recognizer) -> dict[str, np.ndarray]:
    absent = {"score": np.zeros(recognizer.num_classes, np.float32)}
    scores = {
        name: np.stack([row["streams"].get(name, absent)["score"] for row in rows])
        for name in recognizer.scored_streams
    }
    if recognizer.has_fused_score:
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
    """Load a trained model for prediction.

    Args:
        checkpoint: path of a checkpoint, or of a work folder, whose best checkpoint is taken.
        config: path of the config it was trained with; None for the one that the checkpoint carries.
        options: changes of the config, ``key.to.field=value``.
        device: device of the network: ``cpu``, ``cuda``, ``cuda:1``.
        half: whether to compute in half precision.

    Raises:
        InputError: As :func:`load_for_inference`, or if there is no such device.
    """
    loaded = load_for_inference(checkpoint, config, options)
    loaded.recognizer.to(check_device(device))
    name = Path(checkpoint).name if Path(checkpoint).is_dir() else loaded.checkpoint.parent.name
    return Model(
        name=name,
        network=TorchNetwork(loaded.recognizer, half=half),
        classes=loaded.classes,
        inputs=build_stream_inputs(loaded),
        temporal_sampler=TRANSFORMS.build(loaded.config.test_dataloader["dataset"]["temporal_sampler"]),
        clip_lengths=loaded.clip_lengths,
        views=views_of(loaded.config),
        average_clips=average_of(loaded.config),
        scored_streams=tuple(loaded.recognizer.scored_streams),
        multi_label=loaded.recognizer.multi_label,
    )


def build_stream_inputs(loaded: LoadedModel) -> dict[str, StreamInput]:
    """Return the input of each stream of a loaded model."""
    return {
        name: StreamInput(TRANSFORMS.build(stream["reader"]), stream["num_frames"], source_of(name, stream))
        for name, stream in loaded.config.streams.items()
        if name in loaded.recognizer.test_streams
    }

"""Opening of the models that a user names as one ensemble."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.interfaces import Model
from triad.fusion.inference.torch_network import open_model
from triad.fusion.training.checkpoints import checkpoint_of
from triad.modalities.checks import fail


def open_ensemble(
    checkpoints: Sequence[str | Path],
    configs: Sequence[str | Path] = (),
    options: Sequence[str] = (),
    *,
    last: bool = False,
    weights: Sequence[str] = (),
    method: str = "mean",
    fusion: str | Path | None = None,
    device: str,
    half: bool = False,
) -> ModelEnsemble:
    """Load models and the fusion of their streams.

    Args:
        checkpoints: paths of checkpoints, work folders, or exported ``.onnx`` files.
        configs: path of one config a checkpoint, in the same order; empty for those that the checkpoints carry.
        options: changes of every config, ``key.to.field=value``.
        last: whether to take the last checkpoint of a work folder, not the one that validation chose.
        weights: one number a model, or ``stream=number``; empty for equal weights.
        method: ``mean`` or ``product`` of weighted probabilities.
        fusion: path of a fitted fusion, instead of weights.
        device: device of torch networks: ``cpu``, ``cuda``, ``cuda:1``.
        half: whether torch networks compute in half precision.

    Raises:
        InputError: If a file is missing, or the options do not fit the models or each other.
    """
    if configs and len(configs) != len(checkpoints):
        cure = "or leave out --config: a checkpoint carries its own"
        fail("--config", f"be given once for each of the {len(checkpoints)} checkpoints", len(configs), cure)
    if fusion is not None and weights:
        fail("--fusion", "be given without --weights", "both")
    models: list[Model] = []
    for position, checkpoint in enumerate(checkpoints):
        if Path(checkpoint).suffix == ".onnx":
            from triad.fusion.inference.onnx_network import load_onnx  # onnxruntime is slow to import

            models.append(load_onnx(checkpoint))
        else:
            config = configs[position] if configs else None
            models.append(open_model(checkpoint_of(checkpoint, last=last), config, options, device=device, half=half))
    stream_weights = None
    if weights:
        from triad.fusion.late_fusion import parse_weights

        stream_weights = parse_weights(weights, [tuple(model.inputs) for model in models])
    return ModelEnsemble(models, weights=stream_weights, method=method, fusion=fusion)

"""From what a user names to answers, a film and files: what ``tools/predict.py`` calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fusion.annotated_video.frame_layout import pane_of
from fusion.annotated_video.overlays import FrameOverlays
from fusion.annotated_video.writer import AnnotatedVideoWriter
from fusion.inference.ensemble import ModelEnsemble
from fusion.inference.interfaces import Model
from fusion.inference.onnx_network import load_onnx
from fusion.inference.predictor import LivePredictor, Predictor
from fusion.inference.torch_network import open_model
from fusion.late_fusion import parse_weights
from modalities.atomic_files import remove_partial_files
from modalities.checks import fail


def open_ensemble(
    checkpoints: Sequence[str | Path],
    configs: Sequence[str | Path] = (),
    options: Sequence[str] = (),
    *,
    weights: Sequence[str] = (),
    method: str = "mean",
    fusion: str | Path | None = None,
    device: str,
    half: bool = False,
) -> ModelEnsemble:
    """The models that answer, and how they become one.

    Args:
        checkpoints: files, work folders, or ``.onnx`` files of exported models.
        configs: one a checkpoint in that order, or none: those that training left in the work folders.
        options: ``key.to.field=value`` for every config.
        weights: one number a model, or ``stream=number``.
        method: ``mean`` or ``product``.
        fusion: file of a fitted fusion, instead.
        device: where networks of torch run.
        half: in half precision.

    Raises:
        InputError: if something is missing or does not fit the rest.
    """
    if configs and len(configs) != len(checkpoints):
        cure = "or leave --config out: work folders have their own"
        fail("--config", f"be given once for each of the {len(checkpoints)} checkpoints", len(configs), cure)
    if fusion is not None and weights:
        fail("--fusion", "be given without --weights", "both")
    models: list[Model] = []
    for place, checkpoint in enumerate(checkpoints):
        if Path(checkpoint).suffix == ".onnx":
            models.append(load_onnx(checkpoint))
        else:
            config = configs[place] if configs else None
            models.append(open_model(checkpoint, config, options, device=device, half=half))
    given = parse_weights(weights, [tuple(model.readings) for model in models]) if weights else None
    return ModelEnsemble(models, weights=given, method=method, fusion=fusion)


@contextmanager
def filming(predictor: Predictor | LivePredictor, path: Path) -> Iterator[AnnotatedVideoWriter]:
    """The annotated video of a prediction; it appears when the block ends well, and not otherwise."""
    remove_partial_files(path.parent, {path.stem})  # what a killed run left
    prediction = predictor.prediction
    size_hw = prediction.clock.size_hw or (0, 0)
    layers = FrameOverlays(
        predictor.opened.parts,
        predictor.opened.sources,
        predictor.opened.models,
        size_hw=size_hw,
        pane=pane_of(size_hw),
    )
    spans = predictor.spans if isinstance(predictor, Predictor) else None
    film = AnnotatedVideoWriter(
        path,
        clock=prediction.clock,
        fps=prediction.fps,
        starts=None if spans is None else [span.start for span in spans],
        stride=prediction.sliding.stride,
        seconds=None if spans is None else spans[-1].end,
        layers=layers,
        watch=prediction.watch,
    )
    try:
        yield film
    except BaseException:
        film.abandon()
        raise
    film.close()

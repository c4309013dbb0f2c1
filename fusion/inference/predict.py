"""From what a user names to answers, a film and files: what ``tools/predict.py`` calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fusion.evaluation.fuse import read_weights
from fusion.inference.answer import Panel
from fusion.inference.contract import Model
from fusion.inference.film import Film
from fusion.inference.film_layers import Layers
from fusion.inference.onnx_network import load_onnx
from fusion.inference.run import LivePredictor, Predictor
from fusion.inference.torch_network import open_model
from fusion.rendering.film_frame import pane_of
from modalities.checks import fail
from modalities.store import sweep


def open_panel(
    checkpoints: Sequence[str | Path],
    configs: Sequence[str | Path] = (),
    options: Sequence[str] = (),
    *,
    weights: Sequence[str] = (),
    method: str = "mean",
    fusion: str | Path | None = None,
    device: str,
    half: bool = False,
) -> Panel:
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
    given = read_weights(weights, [tuple(model.readings) for model in models]) if weights else None
    return Panel(models, weights=given, method=method, fusion=fusion)


@contextmanager
def filming(predictor: Predictor | LivePredictor, path: Path) -> Iterator[Film]:
    """The annotated video of a prediction; it appears when the block ends well, and not otherwise."""
    sweep(path.parent, {path.stem})  # what a killed run left
    prediction = predictor.prediction
    size_hw = prediction.clock.size_hw or (0, 0)
    layers = Layers(
        predictor.opened.parts,
        predictor.opened.sources,
        predictor.opened.models,
        size_hw=size_hw,
        pane=pane_of(size_hw),
    )
    spans = predictor.spans if isinstance(predictor, Predictor) else None
    film = Film(
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

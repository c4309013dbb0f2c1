"""Weights that the encoder of a stream starts from."""

from __future__ import annotations

from pathlib import Path

from torch import nn

from triad.modalities.weights import WeightsReport, load_weights


def load_stream(name: str, path: str | Path, *, encoder: nn.Module) -> WeightsReport:
    """Start the encoder of a stream from a recognizer's checkpoint that has the stream, or from published weights.

    The stream's head starts when the training does, which knows its classes, see
    ``triad.fusion.training.start_weights``.

    Args:
        name: name of the stream.
        path: path of the file.
        encoder: encoder of the stream.

    Raises:
        InputError: for a file without the encoder's weights, or with those of another shape.
    """
    subject = f"pretrained checkpoint of '{name}'"
    cure = f"train a model of stream '{name}' first, or give published weights of its encoder"
    return load_weights(encoder, path, prefixes=[f"encoders.{name}."], subject=subject, cure=cure)

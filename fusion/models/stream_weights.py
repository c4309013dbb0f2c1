"""Weights that the encoder and head of a stream start from."""

from __future__ import annotations

from pathlib import Path

from torch import nn

from modalities.weights import WeightsReport, load_tensors, read_state_dict


def load_stream(name: str, path: str | Path, *, encoder: nn.Module, heads: nn.ModuleDict) -> WeightsReport:
    """Start a stream from a file: a recognizer's checkpoint that has it, or published weights of its encoder.

    From a checkpoint the head starts too, where its shape is the same.

    Args:
        name: name of the stream.
        path: path of the file.
        encoder: encoder of the stream.
        heads: heads of all streams.

    Raises:
        InputError: for a file without the encoder's weights, or with those of another shape.
    """
    subject = f"pretrained checkpoint of '{name}'"
    cure = f"train a model of stream '{name}' first, or give published weights of its encoder"
    weights = read_state_dict(path, subject=subject, cure=cure)
    report = load_tensors(encoder, weights, path=path, prefixes=[f"encoders.{name}."], subject=subject, cure=cure)
    if name in heads:
        prefix = f"heads.{name}."
        head = {key.removeprefix(prefix): value for key, value in weights.items() if key.startswith(prefix)}
        own = heads[name].state_dict()
        if all(head[key].shape == value.shape for key, value in own.items() if key in head):
            heads[name].load_state_dict(head, strict=False)
    return report

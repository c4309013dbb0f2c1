"""Graph of a recognizer in torch: masked afterwards, it gives the scores of the recognizer."""

from __future__ import annotations

import torch
from trained_models import assert_same_scores, compute_scores, load_batch

from triad.fusion.inference.onnx_graph import RecognizerGraph


def test_graph_equals_recognizer_without_a_stream(exported, tiny):
    batch = load_batch(exported.loaded, tiny, 3)
    batch["rgb"]["present"][0] = False
    batch["skeleton"]["present"][1] = False
    model = exported.loaded.recognizer
    with torch.no_grad():
        scores = RecognizerGraph(model, model.streams).eval()(batch)
    expected = compute_scores(exported.loaded, batch)
    assert_same_scores({name: tensor.numpy() for name, tensor in scores.items()}, expected)
    assert not scores["rgb"][0].any()

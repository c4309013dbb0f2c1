"""Joint heads: missing streams, placeholders and samples without any stream."""

from __future__ import annotations

import pytest
import torch
from tiny_recognizer import build_recognizer, compute_losses, make_batch

from triad.fusion.heads import ConcatHead
from triad.modalities.checks import InputError

CHANNELS = {"rgb": 4, "flow": 3}


def build_head(**arguments: object) -> ConcatHead:
    torch.manual_seed(0)
    return ConcatHead(in_channels=CHANNELS, num_classes=5, **arguments).eval()


def test_missing_stream_counts_as_zeros():
    head = build_head()
    rgb = torch.randn(2, 4)
    flow = torch.randn(1, 3)
    logits = head({"rgb": rgb, "flow": flow}, {"rgb": torch.tensor([0, 1]), "flow": torch.tensor([1])}, 2).logits
    linear = head.classifier[-1]
    alone = torch.cat([head.norms["rgb"](rgb[:1]), torch.zeros(1, 3)], 1)
    both = torch.cat([head.norms["rgb"](rgb[1:]), head.norms["flow"](flow)], 1)
    torch.testing.assert_close(logits, linear(torch.cat([alone, both])))


def test_placeholder_stands_for_missing_stream():
    head = build_head(placeholders=True, streams=("flow", "rgb"))
    with torch.no_grad():
        head.placeholders["flow"].fill_(2.0)
    rgb = torch.randn(1, 4)
    logits = head({"rgb": rgb}, {"rgb": torch.tensor([0])}, 1).logits
    expected = head.classifier(torch.cat([torch.full((1, 3), 2.0), head.norms["rgb"](rgb)], 1))
    torch.testing.assert_close(logits, expected)


def test_unknown_stream_is_refused():
    with pytest.raises(InputError, match=r"stream of a joint head must be one of flow, rgb, got 'depth'"):
        build_head(streams=("depth",))


def test_single_stream_is_refused():
    with pytest.raises(InputError, match=r"joint head must be at least two that a test reads, got rgb; leave out"):
        build_head(streams=("rgb",))


def test_joint_head_alone_answers():
    model = build_recognizer(heads={"rgb": None, "flow": None}, joint_head={"type": ConcatHead, "loss_weight": 2.0})
    assert model.fused == "joint"
    batch = make_batch({"rgb": [True, True, False], "flow": [True, False, False]})
    losses = compute_losses(model.train(), batch)
    assert set(losses) == {"loss_joint"}
    model.eval()
    with torch.no_grad():
        prepared = model.data_preprocessor(batch, False)["batch"]
        logits, rows = model.classify(model.encode(prepared)[0], prepared).scores["joint"]
        predictions = model(prepared, mode="predict")
        expected = 2 * torch.nn.functional.cross_entropy(logits, batch["label"][rows])
        torch.testing.assert_close(model(prepared, mode="loss")["loss_joint"], expected)
    assert rows.tolist() == [0, 1]
    assert all(prediction["streams"] == {} for prediction in predictions)
    torch.testing.assert_close(torch.as_tensor(predictions[1]["fused"]), logits[1].log_softmax(-1))
    torch.testing.assert_close(torch.as_tensor(predictions[2]["fused"]).exp(), torch.full((5,), 0.2))  # has no stream


def test_absent_stream_trains():
    model = build_recognizer(joint_head={"type": ConcatHead, "hidden": 6}).train()
    batch = make_batch({"rgb": [True, True], "flow": [False, False]})
    sum(compute_losses(model, batch).values()).backward()
    assert all(parameter.grad is not None for parameter in model.parameters())

from __future__ import annotations

import pytest
import torch
from tiny_recognizer import build_recognizer, compute_losses, make_batch
from torch import nn

from triad.fusion.heads import GatedMixtureHead
from triad.fusion.models import JOINT

CHANNELS = {"rgb": 4, "flow": 3, "pose": 2}


def build_head(**options: object) -> GatedMixtureHead:
    torch.manual_seed(0)
    return GatedMixtureHead(in_channels=CHANNELS, num_classes=5, **options).eval()


def make_vectors() -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Vectors of two samples, of which the first lacks flow and both lack the pose."""
    torch.manual_seed(1)
    vectors = {"rgb": torch.randn(2, 4, requires_grad=True), "flow": torch.randn(1, 3, requires_grad=True)}
    return vectors, {"rgb": torch.tensor([0, 1]), "flow": torch.tensor([1])}


def test_initial_gate_is_the_mean():
    head = build_head()
    vectors, rows = make_vectors()
    output = head(vectors, rows, 2)
    torch.testing.assert_close(output.weights, torch.tensor([[1.0, 0, 0], [0.5, 0.5, 0]]))
    experts = [head.experts[name](head.norms[name](vectors[name])).softmax(1) for name in ("rgb", "flow")]
    torch.testing.assert_close(output.logits[0].exp(), experts[0][0])
    torch.testing.assert_close(output.logits[1].exp(), (experts[0][1] + experts[1][0]) / 2)


def test_weights_of_a_gate_by_hand():
    head = build_head()
    head.gate[-1].bias.data.copy_(torch.tensor([2.0, 1.0, 50.0]))
    vectors, rows = make_vectors()
    weights = head(vectors, rows, 2).weights
    torch.testing.assert_close(weights[1], torch.tensor([0.731059, 0.268941, 0]), atol=1e-6, rtol=0)  # sigmoid(1)
    torch.testing.assert_close(weights.sum(1), torch.ones(2))


def test_missing_expert_has_no_gradient():
    head = build_head()
    vectors, rows = make_vectors()
    head(vectors, rows, 2).logits[:, 0].sum().backward()
    assert all((parameter.grad == 0).all() for parameter in head.experts["pose"].parameters())
    assert (head.experts["flow"].weight.grad != 0).any()
    assert vectors["flow"].grad.isfinite().all()


def test_every_parameter_gets_a_gradient():
    model = build_recognizer(joint_head={"type": GatedMixtureHead, "hidden": 6}, dropout=0.0).train()
    nn.init.normal_(model.joint_head.gate[-1].weight)
    batch = make_batch({"rgb": [True] * 4, "flow": [True, True, False, True]})
    sum(compute_losses(model, batch).values()).backward()
    assert all((parameter.grad != 0).any() for parameter in model.joint_head.parameters())


@pytest.mark.parametrize("flow", [True, False])
def test_gate_is_a_map_of_the_model(flow: bool):
    model = build_recognizer(joint_head={"type": GatedMixtureHead}).eval()
    batch = make_batch({"rgb": [True, False], "flow": [flow, False]})
    with torch.no_grad():
        prepared = model.data_preprocessor(batch, False)["batch"]
        weights = model.classify(model.encode(prepared)[0], prepared).maps[JOINT]
    assert (weights.axes, weights.names, weights.rows.tolist()) == ("BN", ("rgb", "flow"), [0])
    assert weights.weights.tolist() == [[0.5, 0.5] if flow else [1.0, 0.0]]
    assert weights.driven.tolist() == [flow]

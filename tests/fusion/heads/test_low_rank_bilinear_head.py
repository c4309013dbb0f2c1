from __future__ import annotations

import pytest
import torch
from tiny_recognizer import build_recognizer, compute_losses, make_batch

from triad.fusion.heads import LowRankBilinearHead
from triad.fusion.heads.low_rank_bilinear_head import power_normalize
from triad.modalities.checks import InputError

CHANNELS = {"rgb": 4, "flow": 3}


def build_head(**options: object) -> LowRankBilinearHead:
    torch.manual_seed(0)
    return LowRankBilinearHead(in_channels=CHANNELS, num_classes=5, rank=6, **options).eval()


def test_product_by_hand():
    head = build_head()
    rgb = torch.randn(2, 4)
    flow = torch.randn(1, 3)
    logits = head({"rgb": rgb, "flow": flow}, {"rgb": torch.tensor([0, 1]), "flow": torch.tensor([1])}, 2).logits
    of_rgb = head.projections["rgb"](head.norms["rgb"](rgb)).tanh()
    of_flow = head.projections["flow"](head.norms["flow"](flow)).tanh()
    expected = torch.stack([of_rgb[0], of_rgb[1] * of_flow[0]])  # the first sample lacks flow, a factor of ones
    torch.testing.assert_close(logits, head.classifier(expected))


def test_factors_are_summed_and_normalised():
    head = build_head(factors=5)
    vectors = {"rgb": torch.randn(1, 4), "flow": torch.randn(1, 3)}
    logits = head(vectors, dict.fromkeys(vectors, torch.tensor([0])), 1).logits
    product = torch.ones(1, 30)
    for name, vector in vectors.items():
        product = product * head.projections[name](head.norms[name](vector))
    sums = product.view(1, 6, 5).sum(2)
    roots = sums.sign() * sums.abs().sqrt()
    torch.testing.assert_close(logits, head.classifier(roots / roots.norm()), atol=1e-5, rtol=1e-5)


def test_power_normalisation_by_hand():
    values = torch.tensor([4.0, -9.0, 0.0], requires_grad=True)
    torch.testing.assert_close(power_normalize(values).detach(), torch.tensor([2.0, -3.0, 0.0]))
    power_normalize(values).sum().backward()
    assert values.grad.isfinite().all()


def test_missing_stream_has_no_gradient():
    head = build_head()
    head({"rgb": torch.randn(2, 4)}, {"rgb": torch.tensor([0, 1])}, 2).logits.sum().backward()
    assert all((parameter.grad == 0).all() for parameter in head.projections["flow"].parameters())


def test_placeholder_is_projected():
    head = build_head(placeholders=True)
    with torch.no_grad():
        head.placeholders["flow"].fill_(1.0)
    rgb = torch.randn(1, 4)
    logits = head({"rgb": rgb}, {"rgb": torch.tensor([0])}, 1).logits
    factors = [head.projections["rgb"](head.norms["rgb"](rgb)), head.projections["flow"](torch.ones(1, 3))]
    torch.testing.assert_close(logits, head.classifier(factors[0].tanh() * factors[1].tanh()))


@pytest.mark.parametrize("factors", [1, 5])
def test_every_parameter_gets_a_gradient(factors: int):
    head = {"type": LowRankBilinearHead, "rank": 6, "factors": factors}
    model = build_recognizer(joint_head=head, dropout=0.0).train()
    batch = make_batch({"rgb": [True] * 4, "flow": [True, True, False, True]})
    sum(compute_losses(model, batch).values()).backward()
    assert all((parameter.grad != 0).any() for parameter in model.joint_head.parameters())


def test_wrong_rank_is_refused():
    with pytest.raises(InputError, match=r"rank and factors must be at least 1, got 6 and 0"):
        build_head(factors=0)

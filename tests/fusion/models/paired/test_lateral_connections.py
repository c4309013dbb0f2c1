from __future__ import annotations

import pytest
import torch
from paired_streams import build_paired, make_paired_batch
from tiny_recognizer import STREAM, compute_losses
from torch import nn

from triad.fusion.models import LateralConnections, Recognizer, stream_costs
from triad.fusion.models.paired.lateral_connections import resize_map
from triad.fusion.training.frozen_features import encode_table
from triad.modalities.checks import InputError
from triad.modalities.video_encoders import SmallR2Plus1d

SIZES = {"flow": (4, 32), "rgb": (2, 16)}
NETWORK = {"type": SmallR2Plus1d, "stem": 8, "widths": (8, 12), "depths": (1, 1), "temporal_strides": (1, 1)}
PAIRED = {"type": LateralConnections, "source": "flow", "target": "rgb", "after": [(1, 1), (2, 2)]}


def build(**options: object) -> Recognizer:
    return build_paired(dict.fromkeys(SIZES, NETWORK), SIZES, paired={**PAIRED, **options})


def open_laterals(model: Recognizer) -> None:
    torch.manual_seed(1)
    for parameter in model.paired.laterals.parameters():
        nn.init.normal_(parameter)


def logits_of(model: Recognizer, present: dict[str, list[bool]]) -> dict[str, torch.Tensor]:
    with torch.no_grad():
        return model.eval()(**model.data_preprocessor(make_paired_batch(SIZES, present), False))


@pytest.mark.parametrize("mode", ["sum", "concat"])
@pytest.mark.parametrize("both_ways", [False, True])
def test_initial_state_is_late_fusion(mode: str, both_ways: bool):
    present = {"flow": [True, True], "rgb": [True, True]}
    model = build(mode=mode, both_ways=both_ways)
    alone = build_paired(dict.fromkeys(SIZES, NETWORK), SIZES)
    assert alone.load_state_dict(model.state_dict(), strict=False).missing_keys == []
    torch.testing.assert_close(logits_of(model, present), logits_of(alone, present), atol=1e-6, rtol=0)


def test_flow_changes_rgb_and_not_the_reverse():
    model = build()
    open_laterals(model)
    both = logits_of(model, {"flow": [True, True], "rgb": [True, True]})
    of_some = logits_of(model, {"flow": [True, False], "rgb": [True, True]})
    torch.testing.assert_close(both["rgb"][0], of_some["rgb"][0])
    assert not torch.allclose(both["rgb"][1], of_some["rgb"][1])
    torch.testing.assert_close(both["flow"][:1], of_some["flow"])


def test_sample_without_partner_is_as_alone():
    """It does not depend on whether other samples of the batch have both streams."""
    model = build(both_ways=True)
    open_laterals(model)
    of_some = logits_of(model, {"flow": [False, True, True], "rgb": [True, True, False]})
    alone = logits_of(model, {"flow": [False, False, False], "rgb": [True, True, False]})
    torch.testing.assert_close(of_some["rgb"][0], alone["rgb"][0])
    assert not torch.allclose(of_some["rgb"][1], alone["rgb"][1])


def test_samples_are_matched():
    """A sample with both streams gives the same in any batch."""
    model = build(both_ways=True)
    open_laterals(model)
    of_some = logits_of(model, {"flow": [True, False, True], "rgb": [False, True, True]})
    both = logits_of(model, {"flow": [True, True, True], "rgb": [True, True, True]})
    torch.testing.assert_close(of_some["rgb"][1], both["rgb"][2])
    torch.testing.assert_close(of_some["flow"][1], both["flow"][2])


def test_absent_samples_have_no_effect():
    results = []
    for data in (0.0, 1e6):
        model = build(both_ways=True).train()
        open_laterals(model)
        batch = make_paired_batch(SIZES, {"flow": [True, False, True, True], "rgb": [True, True, True, True]})
        batch["flow"]["data"][1] = data
        sum(compute_losses(model, batch).values()).backward()
        results.append([*(p.grad for p in model.parameters()), *model.buffers()])
    assert all(torch.equal(first, second) for first, second in zip(*results, strict=True))


@pytest.mark.parametrize(
    "present",
    [
        {"flow": [True, True], "rgb": [True, True]},
        {"flow": [False, False], "rgb": [True, True]},
        {"flow": [True, False], "rgb": [False, True]},
    ],
)
def test_every_parameter_has_a_gradient(present: dict[str, list[bool]]):
    model = build(mode="concat").train()
    sum(compute_losses(model, make_paired_batch(SIZES, present)).values()).backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_costs_of_pair_are_those_of_parts():
    sizes = {"flow": (2, 16), "rgb": (2, 16)}
    present = {"flow": [True], "rgb": [True]}
    encoders = dict.fromkeys(sizes, NETWORK)
    paired = stream_costs(build_paired(encoders, sizes, paired=PAIRED), make_paired_batch(sizes, present))
    alone = stream_costs(build_paired(encoders, sizes), make_paired_batch(sizes, present))
    laterals = 8 * 8 * 2 * (4 * 4 + 4 * 4)  # after the stem and the first stage
    assert paired == {**alone, "attention": {"parameters": 128, "gmacs": laterals / 1e9}}


def test_resizing_by_hand():
    feature_map = torch.tensor([1.0, 3.0, 5.0, 7.0]).view(1, 1, 4, 1, 1)
    assert resize_map(feature_map, (2, 1, 1)).flatten().tolist() == [2.0, 6.0]
    assert resize_map(feature_map[:, :, :2], (2, 2, 1)).flatten().tolist() == [1.0, 1.0, 3.0, 3.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "product"}, "mode must be one of concat, sum, got 'product'"),
        ({"after": [(2, 2), (1, 3)]}, r"after must be rising pairs of steps, of at most 3 and 3 .*, got \[\(2, 2\)"),
        ({"source": "depth"}, "encoder of stream 'depth' of LateralConnections must be one that can be entered"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        build(**options)


def test_network_without_steps_is_refused():
    encoders = {"flow": NETWORK, "rgb": STREAM["encoder"]}
    with pytest.raises(InputError, match="encoder of stream 'rgb' of LateralConnections must be one that can be"):
        build_paired(encoders, SIZES, paired=PAIRED)


def test_frozen_features_are_refused():
    model = build().eval()
    with pytest.raises(InputError, match="must have encoders that do not exchange maps, got LateralConnections"):
        encode_table(model, [], training=False)

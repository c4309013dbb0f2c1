"""mmaction2's networks and this project's encoders give the same output with the same random weights."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.skeleton.encoders import Aagcn, StGcn, StGcnPlusPlus
from triad.modalities.skeleton.encoders.layers import GraphEncoder
from triad.modalities.weights import load_tensors


def stgcn(layout: str, channels: int) -> nn.Module:
    from mmaction.models.backbones.stgcn import STGCN

    return STGCN(graph_cfg={"layout": layout, "mode": "stgcn_spatial"}, in_channels=channels)


def stgcn_plus_plus(layout: str, channels: int) -> nn.Module:
    from mmaction.models.backbones.stgcn import STGCN

    options = {"gcn_adaptive": "init", "gcn_with_res": True, "tcn_type": "mstcn"}
    return STGCN(graph_cfg={"layout": layout, "mode": "spatial"}, in_channels=channels, **options)


def aagcn(layout: str, channels: int) -> nn.Module:
    from mmaction.models.backbones.aagcn import AAGCN

    return AAGCN(graph_cfg={"layout": layout, "mode": "spatial"}, in_channels=channels)


def agcn(layout: str, channels: int) -> nn.Module:
    from mmaction.models.backbones.aagcn import AAGCN

    return AAGCN(graph_cfg={"layout": layout, "mode": "spatial"}, in_channels=channels, gcn_attention=False)


def randomize(network: nn.Module, joints: int, channels: int) -> nn.Module:
    """Move weights away from zero and one, which would hide a mix-up, and running statistics from their start."""
    torch.manual_seed(0)
    for name, parameter in network.named_parameters():
        if name.endswith("PA"):
            nn.init.uniform_(parameter, 0.5, 1.5)
        elif name.endswith((".A", "alpha")):
            parameter.data += torch.rand_like(parameter) / joints
    norms = [module for module in network.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.normal_(norm.bias, std=0.1)
        norm.momentum = 0.9
    network.train()
    with torch.no_grad():
        network(torch.randn(2, 2, 20, joints, channels))
    return network


@pytest.mark.parametrize(
    ("build_reference", "encoder_class"),
    [
        (stgcn, StGcn),
        (stgcn_plus_plus, StGcnPlusPlus),
        (aagcn, Aagcn),
        (agcn, lambda **numbers: Aagcn(attention=False, **numbers)),
    ],
    ids=["STGCN", "STGCN++", "AAGCN", "2s-AGCN"],
)
@pytest.mark.parametrize(("graph", "layout", "channels"), [("nturgb+d", "ntu25", 3), ("coco", "coco17", 2)])
@pytest.mark.parametrize(
    ("training", "dtype", "tolerance"),
    [(False, torch.float32, 1e-5), (True, torch.float64, 1e-8)],  # batch statistics amplify float32's rounding
)
def test_output_equals_mmaction2(
    build_reference: Callable[[str, int], nn.Module],
    encoder_class: Callable[..., GraphEncoder],
    graph: str,
    layout: str,
    channels: int,
    training: bool,
    dtype: torch.dtype,
    tolerance: float,
) -> None:
    import_mmaction()
    encoder = encoder_class(layout=layout, in_channels=channels)
    network = randomize(build_reference(graph, channels), encoder.layout.num_joints, channels)
    weights = {f"backbone.{key}": v for key, v in network.state_dict().items()}
    report = load_tensors(encoder, weights | {"cls_head.fc.bias": torch.ones(60)})
    assert report.complete
    assert "cls_head.fc.bias" in report.left_out
    network.to(dtype).train(training)
    encoder.to(dtype).train(training)
    data = torch.randn(2, 2, 10, encoder.layout.num_joints, channels, dtype=dtype)  # [B, M, T, V, C]
    with torch.no_grad():
        expected = network(data)
        output = encoder(data.permute(0, 1, 4, 2, 3), torch.ones(2, 2, 10, dtype=torch.bool)).map
    scale = expected.abs().max()  # about 10: attention may double a map three times a stage
    assert scale > 0.1
    torch.testing.assert_close(output / scale, expected / scale, atol=tolerance, rtol=0)
    head = nn.Linear(expected.shape[2], 60, dtype=dtype)  # of the pooled map, as GCNHead
    torch.testing.assert_close(head(output.mean((1, 3, 4))), head(expected.mean((1, 3, 4))), atol=1e-5, rtol=0)


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(InputError, match=r"be of StGcn, got a file where 0 of 156 tensors match: it has a\.weight"):
        load_tensors(StGcn(layout="ntu25"), {"a.weight": torch.zeros(1)})


def test_unsupported_variant_is_refused() -> None:
    """``AAGCN(gcn_adaptive=False)`` has some of the family's keys."""
    import_mmaction()
    from mmaction.models.backbones.aagcn import AAGCN

    network = AAGCN(graph_cfg={"layout": "coco", "mode": "spatial"}, gcn_adaptive=False)
    with pytest.raises(InputError, match=r"must have shape \[1\], got nothing"):
        load_tensors(Aagcn(layout="coco17"), network.state_dict())

"""Every kind of skeleton network can be asked why."""

from __future__ import annotations

import pytest
import torch
from hand_made import LAYOUT, TIMES, lose, make_batch, make_model
from torch import Tensor, nn

from fusion.explanation import gradient_times_input, occlusion
from fusion.models import Recognizer
from modalities.checks import InputError
from modalities.skeleton import encoders
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.transforms import HeatmapTransform, ToBones

STAGES = {"widths": (16, 32)}
SMALL = {
    **dict.fromkeys(("Aagcn", "CtrGcn", "ShiftGcn", "StGcn", "StGcnPlusPlus", "TwoStreamAgcn"), STAGES),
    "Hyperformer": {"head_channels": 8, "heads": 3, "num_stages": 2, "down_stages": (2,)},
    "MsG3d": {"widths": (18,), "scales": 4, "window_scales": 3, "windows": (3,)},
    "Sgn": {"width": 8},
    "SkeletonLstm": {"hidden": 16, "persons": 2},
}


@pytest.mark.parametrize("name", SMALL)
def test_graphs_and_sequences(name: str) -> None:
    head = LAYOUT.index("head")
    model = make_model({"type": getattr(encoders, name), "layout": LAYOUT.name, **SMALL[name]})
    batch = lose(make_batch(), 0, 1, head)
    for values in (
        gradient_times_input(model, batch, stream="skeleton"),
        occlusion(model, batch, stream="skeleton", parts=2),
    ):
        assert values.shape == (2, TIMES, LAYOUT.num_joints)
        assert values.isfinite().all()
        assert values[0, 1, head] == 0
        assert (values[0] != 0).any()
    assert all(parameter.grad is None for parameter in model.parameters())


class Mean(nn.Module):
    """Each map's mean: ``[B, V, T, H, W]`` -> ``[B, V · T]``."""

    in_channels, out_channels, output_axes = 17, 17 * 4, "BC"

    def forward(self, data: Tensor, valid: Tensor) -> dict[str, Tensor]:
        return {"map": data.mean((3, 4)).flatten(1)}


def of_heatmaps(**options) -> Recognizer:
    torch.manual_seed(0)
    transform = {"type": HeatmapTransform, "layout": "coco17", "frame_size": (64, 64), "padding": None, **options}
    return Recognizer(num_classes=3, streams={"pose": {"transform": transform, "encoder": {"type": Mean}}}).eval()


def pixels():
    """Two persons so far apart that no spot of one touches one of the other, 4 times."""
    batch = make_batch(persons=2, times=4)
    places = torch.linspace(12, 52, get_layout("coco17").num_joints)
    points = torch.stack([torch.stack([torch.full_like(places, x), places], -1) for x in (16.0, 48.0)])  # [M, V, 2]
    scores = torch.full((1, 2, 4, 17), 0.5)
    entry = {**batch["skeleton"], "data": points[None, :, None].expand(1, 2, 4, 17, 2).clone(), "scores": scores}
    return {**batch, "pose": entry}


def test_heat_maps_are_told_apart_by_person_and_equal_occlusion_where_they_are_linear() -> None:
    model, batch = of_heatmaps(), pixels()
    values = gradient_times_input(model, batch, stream="pose", target=0)
    assert values.shape == (2, 4, 17)
    torch.testing.assert_close(values, occlusion(model, batch, stream="pose", target=0, parts=4), atol=1e-6, rtol=1e-3)
    assert (values != 0).all()


def test_heat_maps_without_heights_are_occluded_only() -> None:
    model, batch = of_heatmaps(use_score=False), pixels()
    assert (occlusion(model, batch, stream="pose") != 0).all()
    with pytest.raises(InputError, match=r"^heat maps of stream 'pose' must use scores, got use_score=False; use occl"):
        gradient_times_input(model, batch, stream="pose")


def test_of_bones_a_hidden_joint_takes_its_childrens_with_it() -> None:
    """A bone ends in two joints: without the elbow, neither upper arm nor forearm is seen."""
    options = {"type": encoders.StGcnPlusPlus, "layout": LAYOUT.name, **STAGES}
    model, batch = make_model(options, [{"type": ToBones}]), make_batch()
    elbow = LAYOUT.index("left_elbow")
    two = [model.data_preprocessor(each, False) for each in (batch, lose(batch, 0, slice(None), elbow))]
    gone = (two[1]["batch"]["skeleton"]["data"][0, 0] == 0).all(0).all(0).nonzero()[:, 0].tolist()
    assert gone == sorted([elbow, LAYOUT.index("left_wrist"), LAYOUT.root])
    values = occlusion(model, batch, stream="skeleton", target=0)
    with torch.no_grad():
        before, after = (model(**each)["skeleton"][0, 0] for each in two)
    torch.testing.assert_close(values[0, :, elbow].sum(), before - after, atol=1e-5, rtol=1e-4)

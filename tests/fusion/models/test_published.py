from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import nn

from triad.fusion.models.published import PUBLISHED, Published, find_published
from triad.modalities import video_encoders
from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.meta_device import build_on_meta
from triad.modalities.skeleton import encoders
from triad.modalities.skeleton.encoders import CtrGcn, StGcnPlusPlus

CLASSES = {name: getattr(module, name) for module in (encoders, video_encoders) for name in module.__all__}
DIFFERENT = {
    **{"CtrGcn": "macs", "Hyperformer": "macs", "ShiftGcn": "both"},
    **dict.fromkeys(("Lrcn", "SkeletonLstm", "Trn", "x3d"), "parameters"),
    **dict.fromkeys(("JointViViT", "FactorisedEncoderViViT", "FactorisedAttentionViViT"), "both"),
    **dict.fromkeys(("ConvNet3d", "ConvNetLstm", "MfNet"), "both"),
}


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: f"{entry.encoder}-{'x'.join(map(str, entry.shape))}")
def test_count_equals_the_published_one(entry: Published) -> None:
    video = entry.encoder in video_encoders.__all__
    channels = {"in_channels": entry.shape[0]} if video else {}
    encoder = build_on_meta(partial(CLASSES[entry.encoder], **entry.options, **channels))
    parameters = count_parameters(encoder, nn.Linear(encoder.pooled_channels or encoder.out_channels, entry.classes))
    valid_shape = entry.shape[1:2] if video else (entry.shape[0], entry.shape[2])
    with torch.device("meta"):
        inputs = torch.empty(1, *entry.shape), torch.empty(1, *valid_shape, dtype=torch.bool)
    gmacs = count_macs(encoder, *inputs)[TOTAL] / 1e9
    differs = DIFFERENT.get(entry.options.get("backbone", entry.encoder), "")
    differs = "both" if "Cbam" in str(entry.options) else differs
    assert bool(entry.difference) == bool(differs)
    if differs in ("", "macs"):
        assert parameters == entry.parameters
    if differs in ("", "parameters"):
        assert entry.gmacs is None or gmacs == pytest.approx(entry.gmacs, rel=1e-3)
    if entry.encoder in ("CtrGcn", "Hyperformer"):
        assert gmacs < entry.gmacs < 1.1 * gmacs + 1e-9
    if entry.encoder == "ShiftGcn":
        assert parameters == entry.parameters - 66_891
        assert entry.gmacs < gmacs < 1.1 * entry.gmacs
    if entry.encoder.endswith("ViViT"):
        assert parameters == pytest.approx(entry.parameters, rel=1e-3)
        assert gmacs == pytest.approx(entry.gmacs, rel=1e-2)
    if entry.encoder in ("ConvNet3d", "ConvNetLstm"):
        assert parameters == pytest.approx(entry.parameters, rel=1e-2)
    if entry.encoder == "MfNet":
        assert parameters == pytest.approx(entry.parameters, abs=5_000)
        assert gmacs == pytest.approx(entry.gmacs, rel=2e-2)
    if "Cbam" in str(entry.options):
        assert parameters == pytest.approx(entry.parameters, abs=5_000)
    if entry.encoder == "Trn":
        assert parameters == entry.parameters - 6 * entry.classes
    if entry.options.get("backbone") == "x3d":
        assert parameters == entry.parameters - 432 * 2_048 - 2_049 * 400 + 433 * 400
    if entry.encoder == "Lrcn":
        assert parameters == entry.parameters + 1_024
    if entry.encoder == "SkeletonLstm":
        assert parameters == entry.parameters + 3 * 2_048


def test_nearest_settings_and_their_differences() -> None:
    match = find_published(CtrGcn, {"layout": "kinect20", "person_norms": 1}, shape=[1, 3, 52, 20], classes=10)
    assert match is not None
    assert match[0].parameters == 1_426_892
    assert match[1] == ["input 1×3×52×20, not 1×3×64×20"]
    match = find_published(CtrGcn, {"layout": "ntu25"}, shape=[2, 3, 64, 25], classes=120)
    assert match is not None
    assert (match[0].parameters, match[1]) == (1_462_092, ["layout ntu25, not ntu25_agcn"])


@pytest.mark.parametrize("change", [{"widths": [32] * 4 + [64] * 3 + [128] * 3}, {"widths": [64, 64, 128]}])
def test_other_width_or_depth_is_unpublished(change: dict[str, object]) -> None:
    assert find_published(StGcnPlusPlus, {"layout": "ntu25"} | change, shape=[2, 3, 100, 25], classes=60) is None


def test_explicit_defaults_are_defaults() -> None:
    arguments = {"layout": "ntu25", "widths": [64] * 4 + [128] * 3 + [256] * 3, "in_channels": 3, "dropout": 0.5}
    match = find_published(StGcnPlusPlus, arguments, shape=[2, 3, 100, 25], classes=60)
    assert match is not None
    assert match[1] == []


def test_class_of_other_name_is_unpublished() -> None:
    class Unknown(StGcnPlusPlus):
        pass

    assert find_published(Unknown, {"layout": "ntu25"}, shape=[2, 3, 100, 25], classes=60) is None


def test_nearest_input_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = [(3, 8, 224, 224), (2, 64, 224, 224), (3, 64, 224, 224)]
    entries = tuple(Published("StGcnPlusPlus", {"layout": "ntu25"}, shape, 60, 1, None, "") for shape in shapes)
    monkeypatch.setattr("triad.fusion.models.published.lookup.PUBLISHED", entries)
    for shape, expected in (((2, 16, 224, 224), shapes[1]), ((3, 64, 112, 112), shapes[2]), ((20, 1, 9, 9), shapes[0])):
        match = find_published(StGcnPlusPlus, {"layout": "ntu25"}, shape=shape, classes=60)
        assert match is not None
        assert match[0].shape == expected

"""C3D against the published table and against mmaction2's."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from triad.modalities.cost import count_macs, count_parameters
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.video_encoders import C3d

LAYERS = {  # shape for a clip of 3×16×112², parameters, GMACs
    "conv1a": ((64, 16, 112, 112), 5_248, 1.0404),
    "pool1": ((64, 16, 56, 56), 0, 0),
    "conv2a": ((128, 16, 56, 56), 221_312, 11.0981),
    "pool2": ((128, 8, 28, 28), 0, 0),
    "conv3a": ((256, 8, 28, 28), 884_992, 5.5491),
    "conv3b": ((256, 8, 28, 28), 1_769_728, 11.0981),
    "pool3": ((256, 4, 14, 14), 0, 0),
    "conv4a": ((512, 4, 14, 14), 3_539_456, 2.7745),
    "conv4b": ((512, 4, 14, 14), 7_078_400, 5.5491),
    "pool4": ((512, 2, 7, 7), 0, 0),
    "conv5a": ((512, 2, 7, 7), 7_078_400, 0.6936),
    "conv5b": ((512, 2, 7, 7), 7_078_400, 0.6936),
    "pool5": ((512, 1, 4, 4), 0, 0),
    "fc6": ((4096,), 8192 * 4096 + 4096, 0.0336),
    "fc7": ((4096,), 4096 * 4096 + 4096, 0.0168),
}


def on_meta(**options: bool | int) -> C3d:
    with torch.device("meta"):
        return C3d(**options)


def test_layers_are_published():
    encoder = on_meta()
    data = torch.empty(1, 3, 16, 112, 112, device="meta")
    valid = torch.empty(1, 16, dtype=torch.bool, device="meta")
    macs = count_macs(encoder, data, valid)
    taps = encoder(data, valid).taps
    assert list(taps) == list(LAYERS)
    for name, (shape, parameters, gmacs) in LAYERS.items():
        assert taps[name].shape[1:] == shape, name
        assert count_parameters(encoder.get_submodule(name)) == parameters, name
        assert macs.get(name, 0) / 1e9 == pytest.approx(gmacs, abs=1e-4), name
    convs = [name for name in LAYERS if name.startswith("conv")]
    assert sum(macs[name] for name in convs) / 1e9 == pytest.approx(38.4966, abs=1e-4)
    assert sum(count_parameters(encoder.get_submodule(name)) for name in convs) == 27_655_936


@pytest.mark.parametrize(
    ("options", "classes", "parameters"),
    [({}, 101, 78_409_573), ({}, 487, 79_991_015), ({"pool5_padding": False}, 101, 63_729_509)],
    ids=["released", "sports1m", "lecture"],
)
def test_totals_are_published(options: dict[str, bool], classes: int, parameters: int):
    assert count_parameters(on_meta(**options)) + 4097 * classes == parameters


def test_lecture_variant_reads_three_by_three():
    encoder = on_meta(pool5_padding=False)
    data = torch.empty(1, 3, 16, 112, 112, device="meta")
    taps = encoder(data, torch.empty(1, 16, dtype=torch.bool, device="meta")).taps
    assert taps["pool5"].shape == (1, 512, 1, 3, 3)
    assert encoder.fc6.in_features == 4608


def test_3d_convnet_has_79_million_parameters():
    """Carreira and Zisserman 2017, Table 1; BatchNorm takes the place of every bias."""
    encoder = on_meta(batch_norm=True, pool1_times=2).eval()
    data = torch.empty(1, 3, 16, 112, 112, device="meta")
    taps = encoder(data, torch.empty(1, 16, dtype=torch.bool, device="meta")).taps
    assert taps["pool1"].shape == (1, 64, 8, 56, 56)
    assert taps["pool5"].shape == (1, 512, 1, 4, 4)
    biases = 64 + 128 + 2 * 256 + 4 * 512 + 2 * 4096
    assert count_parameters(encoder) == 77_995_776 + biases
    assert (count_parameters(encoder) + 4097 * 400) / 1e6 == pytest.approx(79, rel=0.01)


def test_equals_mmaction2_on_equal_weights(tmp_path):
    torch.manual_seed(0)
    reference = import_mmaction().models.C3D()
    reference.fc6 = nn.Linear(8192, 64)  # 4096 outputs would only cost time
    reference.fc7 = nn.Linear(64, 64)
    reference.eval()
    torch.save({f"backbone.{key}": value for key, value in reference.state_dict().items()}, tmp_path / "c3d.pth")
    encoder = C3d(fc_channels=64, weights=tmp_path / "c3d.pth").eval()
    clip = torch.randn(1, 3, 16, 112, 112)
    with torch.no_grad():
        expected = reference(clip)
        output = encoder(clip, torch.ones(1, 16, dtype=torch.bool))
    assert expected.abs().max() > 0.01
    torch.testing.assert_close(output.pooled, expected, rtol=1e-4, atol=1e-6)


def test_other_grids_are_averaged():
    encoder = C3d(fc_channels=8).eval()
    with torch.no_grad():
        output = encoder(torch.randn(1, 3, 32, 64, 128), torch.ones(1, 32, dtype=torch.bool))
        grid = nn.functional.adaptive_avg_pool3d(output.map, (1, 4, 4))
    assert output.map.shape == (1, 512, 2, 3, 5)
    torch.testing.assert_close(output.taps["fc6"], torch.relu(encoder.fc6(grid.flatten(1))))

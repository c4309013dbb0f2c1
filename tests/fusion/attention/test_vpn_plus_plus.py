from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from fusion_features import gradient_rows, make_features, randomise, shape_of_features

from triad.fusion.attention import VpnPlusPlus
from triad.fusion.data import collate
from triad.fusion.models import FeatureShape
from triad.fusion.training.config import build_config
from triad.fusion.training.loading import load_dataset
from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.registry import MODELS

LEAF = Path(__file__).parents[3] / "configs/fusion/vpn_plus_plus_minihome.py"
TEACHERS = {"attention_teacher": "skeleton", "feature_teacher": "skeleton"}
BATCH = {"label": torch.tensor([1, 0, 2, 1])}


def make_inputs():
    """Three samples with video, of which the second has no pose; the poses come in another order."""
    video = make_features("BCTHW", (4, 2, 4, 5), rows=[0, 1, 3])
    return {"rgb": video, "skeleton": make_features("BC", (6,), rows=[3, 2, 0], seed=1)}


def build(**changes) -> VpnPlusPlus:
    shapes = {name: shape_of_features(stream) for name, stream in make_inputs().items()}
    module = VpnPlusPlus(shapes=shapes, num_classes=3, video="rgb", embedding=8, **{**TEACHERS, **changes})
    randomise(module)
    return module


def test_numbers_of_parameters_are_published():
    """I3D's map of 64 frames: 392 places that read 72; embeddings of 4096."""
    shapes = {"rgb": FeatureShape("BCTHW", (1024, 8, 7, 7)), "skeleton": FeatureShape("BMCTV", (1, 256, 100, 15))}
    module = VpnPlusPlus(shapes=shapes, num_classes=31, video="rgb", **TEACHERS)
    assert count_parameters(module.predicted_attention) == 28_224 * 392 + 392
    assert count_parameters(module.non_local) == 3 * (1024 + 1) * 512 + 512 * 1024 + 2 * 1024
    assert count_parameters(module.pose_embedding) == (256 + 1) * 4096


def test_block_starts_as_identity():
    inputs = make_inputs()
    shapes = {name: shape_of_features(stream) for name, stream in inputs.items()}
    module = VpnPlusPlus(shapes=shapes, num_classes=3, video="rgb", **TEACHERS)
    output = module(inputs, BATCH)
    torch.testing.assert_close(output.features["rgb"].map, inputs["rgb"].map)
    torch.testing.assert_close(output.maps["read"].weights.sum((1, 2, 3)), torch.ones(3))


def test_losses_by_hand():
    inputs, module = make_inputs(), build()
    losses = module(inputs, BATCH).losses
    video, pose = inputs["rgb"].map[[0, 2]], inputs["skeleton"].map[[2, 0]]  # samples 0 and 3
    alpha, beta = module.pose_attention(pose)
    target = beta[:, :, None, None] * alpha[:, None]
    predicted = module.predicted_attention(module.non_local.weights(video).flatten(1))
    errors = (predicted - target.flatten(1)).square().sum(1)
    torch.testing.assert_close(losses["distilled_attention"], 0.008 * errors.mean())
    logits = module.teacher_classifier((video * target[:, None] + video).mean((2, 3, 4)))
    torch.testing.assert_close(
        losses["attention_teacher"], 0.1 * torch.nn.functional.cross_entropy(logits, BATCH["label"][[0, 3]])
    )
    # poses in their order are samples 3, 2, 0: 3 and 0 have a video, and follow 2's and 3's video in wrong pairs
    embedded = torch.nn.functional.normalize(module.video_embedding(inputs["rgb"].map.mean((3, 4)).flatten(1)), dim=1)
    poses = torch.nn.functional.normalize(module.pose_embedding(inputs["skeleton"].map), dim=1)
    right = [10 * embedded[2] @ poses[0], 10 * embedded[0] @ poses[2]]
    wrong = [10 * embedded[0] @ poses[0], 10 * embedded[2] @ poses[1]]
    terms = [-torch.sigmoid(score).log() for score in right] + [-torch.sigmoid(-score).log() for score in wrong]
    torch.testing.assert_close(losses["distilled_features"], 0.001 * torch.stack(terms).mean())


def test_every_parameter_gets_a_gradient():
    inputs, module = make_inputs(), build()
    output = module(inputs, BATCH)
    (output.features["rgb"].map.square().sum() + sum(output.losses.values())).backward()
    assert all((p.grad != 0).any() for p in module.parameters())


def test_distillation_changes_no_teacher():
    inputs, module = make_inputs(), build()
    losses = module(inputs, BATCH).losses
    (losses["distilled_attention"] + losses["distilled_features"]).backward(retain_graph=True)
    assert inputs["skeleton"].map.grad is None
    assert all(p.grad is None for p in (*module.pose_attention.parameters(), *module.teacher_classifier.parameters()))
    inputs["rgb"].map.grad = None
    losses["attention_teacher"].backward()
    assert inputs["rgb"].map.grad is None  # nor does the teacher change the student
    assert gradient_rows(inputs["skeleton"].map) == [True, False, True]


def test_test_reads_no_pose():
    inputs, module = make_inputs(), build().eval()
    with_pose = module(inputs, {})
    without = module({"rgb": inputs["rgb"]}, {})
    assert with_pose.losses == without.losses == {}
    assert torch.equal(with_pose.features["rgb"].map, without.features["rgb"].map)


@pytest.mark.parametrize("teacher", TEACHERS)
def test_one_teacher_suffices(teacher: str):
    module = build(**{teacher: None})
    losses = module(make_inputs(), BATCH).losses
    assert set(losses) == (
        {"distilled_features"} if teacher == "attention_teacher" else {"distilled_attention", "attention_teacher"}
    )


def test_no_teacher_is_refused():
    with pytest.raises(InputError, match="name at least one stream"):
        build(attention_teacher=None, feature_teacher=None)


def test_dataset_without_skeletons_is_tested(tiny: Path, tmp_path: Path):
    """The distilled leaf predicts records of which no skeleton exists."""
    data = tmp_path / "minihome"
    shutil.copytree(tiny, data)
    index = json.loads((data / "index.json").read_text())
    del index["metainfo"]["streams"]["skeleton"]
    for record in index["data_list"]:
        record["sources"].pop("skeleton", None)
    (data / "index.json").write_text(json.dumps(index))
    shutil.rmtree(data / "skeleton", ignore_errors=True)
    options = ("streams.rgb.num_frames=8", "streams.rgb.transform.size=(32, 32)")
    config = build_config(LEAF, options=options, data=data)
    dataset = load_dataset(config, "test")
    model = MODELS.build(config.model).eval()
    batch = collate([dataset[0], dataset[1]])
    assert set(batch) & set(config.streams) == {"rgb"}
    with torch.no_grad():
        first, second = model(**model.data_preprocessor(batch, False), mode="predict")
    assert set(first["streams"]) == set(second["streams"]) == {"rgb"}

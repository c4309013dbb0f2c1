"""Classifiers start with the rows of their own classes, or anew."""

import logging

import pytest
import torch
from tool_runs import CONFIGS

from triad.fusion.training.config import build_config
from triad.fusion.training.start_weights import find_class_axes, fit_checkpoint, fit_classes, start_head
from triad.modalities.checks import InputError
from triad.modalities.registry import MODELS

NARROW = ("streams.skeleton.num_frames=4", "streams.skeleton.encoder.widths=(16,)")
AXES = {"heads.skeleton.fc.weight": 0, "heads.skeleton.fc.bias": 0}


@pytest.fixture
def config(tiny):
    return build_config(CONFIGS["skeleton"], options=NARROW, data=tiny)


@pytest.fixture
def notes(caplog):
    caplog.set_level(logging.INFO)
    return caplog


def save(path, model, classes):
    meta = {"dataset_meta": {"classes": classes}} if classes else {}
    torch.save({"state_dict": model.state_dict(), "meta": meta}, path)


def test_class_axes_are_those_of_the_heads(config):
    assert find_class_axes(config.model) == AXES


def test_rows_follow_the_names(notes):
    tensors = {"heads.skeleton.fc.bias": torch.tensor([1.0, 2.0, 3.0]), "encoders.a": torch.zeros(2)}
    fitted = fit_classes(tensors, AXES, trained=["a", "b", "c"], new_classes=["c", "a"], path="k.pth")
    assert fitted["heads.skeleton.fc.bias"].tolist() == [3, 1]
    assert notes.messages[-1] == "weights 'k.pth': the classifier starts with the rows of its 2 classes, by name"
    fitted = fit_classes(tensors, AXES, trained=["a", "b", "c"], new_classes=["c", "d"], path="k.pth")
    assert list(fitted) == ["encoders.a"]
    assert "1 of 2 were not trained (d): the classifier starts anew" in notes.messages[-1]


def test_unnamed_classes_count_by_position(notes):
    tensors = {"heads.skeleton.fc.bias": torch.ones(2)}
    assert list(fit_classes(tensors, AXES, trained=(), new_classes=["a", "b"], path="k.pth")) == list(tensors)
    assert fit_classes(tensors, AXES, trained=(), new_classes=["a", "b", "c"], path="k.pth") == {}
    assert notes.messages[-1] == "weights 'k.pth': do not name their classes: the classifier starts anew"


@pytest.mark.parametrize(
    ("classes", "same"), [(["left", "right", "still"], True), (["sit", "rise", "lie"], False), (None, True)]
)
def test_head_starts_with_its_own_classes(config, tmp_path, classes, same):
    trained, model = MODELS.build(config.model), MODELS.build(config.model)
    save(tmp_path / "k.pth", trained, classes)
    start_head(model, "skeleton", tmp_path / "k.pth", axes=AXES, new_classes=["left", "right", "still"])
    assert torch.equal(model.heads["skeleton"].fc.weight, trained.heads["skeleton"].fc.weight) is same


def test_whole_checkpoint_says_what_matches(config, tmp_path, notes):
    model = MODELS.build(config.model)
    weights = model.state_dict()
    removed = next(iter(weights))
    checkpoint = {
        "state_dict": {key: value for key, value in weights.items() if key != removed} | {"other": torch.zeros(1)},
        "meta": {"dataset_meta": {"classes": ["left", "right", "still"]}},
    }
    new_classes = ["left", "right", "still"]
    fit_checkpoint(model, checkpoint, axes=AXES, new_classes=new_classes, path="k.pth")
    assert set(checkpoint["state_dict"]) == set(weights) - {removed}
    counts = f"{len(weights) - 1} of {len(weights)} tensors match (1 missing: {removed}; 1 unexpected: other)"
    assert notes.messages[-1] == f"weights 'k.pth': {counts}"
    checkpoint = {"state_dict": {"backbone.conv": torch.zeros(1)}}
    with pytest.raises(InputError, match=r"load_from 'k.pth' must be a checkpoint of this recognizer, got a file"):
        fit_checkpoint(model, checkpoint, axes=AXES, new_classes=new_classes, path="k.pth")

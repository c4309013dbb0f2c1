"""Layouts of folders are found by the usual names of splits; whatever has two meanings is refused with both."""

from __future__ import annotations

import pytest

from triad.fusion.datasets.custom.folder_layout import ClipPlace, find_layout, place_clip, split_of_folder
from triad.modalities.checks import InputError


def folders(*paths: str) -> list[list[str]]:
    return [path.split("/") if path else [] for path in paths]


@pytest.mark.parametrize(
    ("name", "split"),
    [
        *(
            (name, "train")
            for name in ("train", "Training", "videos_train", "rawframes_train", "TRAIN_SET", "trainset")
        ),
        *((name, "val") for name in ("val", "valid", "validate", "Validation", "videos_val", "dev")),
        *((name, "test") for name in ("test", "testing", "video-test", "Test videos", "test_clips")),
        *((name, None) for name in ("trains", "exercise", "videos", "testament", "", "set")),
    ],
)
def test_usual_names_of_split_folders(name, split):
    assert split_of_folder(name) == split


@pytest.mark.parametrize(
    ("layout", "clips"),
    [
        ("class", folders("drink", "eat", "")),
        ("class", folders("drink/anna", "eat/anna")),
        ("class", folders("drink")),
        ("class", folders("train", "walk", "run")),  # a class may be named so, where it holds clips itself
        ("split/class", folders("train/drink", "val/drink", "train/eat")),
        ("split/class", folders("train/drink", "validate/drink", "TEST/drink")),
        ("split/class", folders("videos_train/drink", "videos_val/drink", "videos_val")),
        ("split/class", folders("train/drink", "train/eat")),
        ("split/class", folders("train/drink/anna", "test/drink/ben")),
        ("class/split", folders("drink/train", "drink/test", "eat/train", "eat/test")),
        ("class/split", folders("drink/train/anna", "eat/val/ben")),
    ],
)
def test_layout_of_clear_trees(layout, clips):
    assert find_layout(clips, "my clips") == layout


@pytest.mark.parametrize(
    ("reason", "clips"),
    [
        (
            r"'train', 'val' beside 'extra'; .*--layout class; or .*--layout split/class",
            ("train/a", "val/a", "extra/a"),
        ),
        (r"got no class folders in 'test', 'train'; .*--layout class; or", ("train", "test")),
        (r"'train' and 'val' hold no class both; .*--layout class; or .*--layout split/class", ("train/a", "val/b")),
        (r"splits on two levels, 'test', 'train'; .*; or .*; or .*--layout class/split", ("train/test", "train/a")),
        (r"'test' in some classes, but 'eat' with clips in no split", ("drink/test", "eat/anna")),
        (r"one folder, 'data'; give 'my clips/data' if 'drink', 'eat' are the classes or", ("data/drink", "data/eat")),
        (r"one folder, 'data'; give 'my clips/data' if 'test', 'train' are", ("data/train/drink", "data/test/drink")),
    ],
)
def test_ambiguous_trees_are_refused(reason, clips):
    with pytest.raises(InputError, match=reason):
        find_layout(folders(*clips), "my clips")


def test_meaning_of_folders():
    assert place_clip(["drink", "anna"], "class") == ClipPlace("drink")
    assert place_clip(["Val", "drink"], "split/class") == ClipPlace("drink", "val")
    assert place_clip(["drink", "test", "x"], "class/split") == ClipPlace("drink", "test")
    assert place_clip(["anna", "drink"], "source/class") == ClipPlace("drink", None, "anna")
    assert place_clip(["anna"], "source/class") is None
    with pytest.raises(
        InputError, match="folder must be named after a split, as the layout split/class says, got 'anna'"
    ):
        place_clip(["anna", "drink"], "split/class")

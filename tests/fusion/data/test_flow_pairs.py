"""Pairs with exact flow: MiniHome's own and moved frames, cropped, repeatable, of the split alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from fusion.datasets.minihome import ClipSpec, clip_record, true_flow, write_clip
from fusion.datasets.minihome.prepare import make_metainfo
from fusion.estimators.flow.ground_truth import evaluate_dataset, read_truth, truth_of
from fusion.estimators.flow.pairs import FlowPairs, GroundTruthPairs, collate_pairs
from fusion.estimators.flow.pairs.cropping import Crop, apply_crop, crop_flow, draw_crop
from fusion.index.index import load_index, write_index
from modalities.atomic_files import write_json
from modalities.checks import InputError
from modalities.flow import evaluation_document

SIZE = (32, 48)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Three real clips of MiniHome: a person who trains, one who validates, and one whose true flow is stored."""
    out = tmp_path_factory.mktemp("home")
    clips = [ClipSpec(0, 12, subject, 1) for subject in ("s01", "s04", "s02")]
    for clip in clips:
        write_clip(clip, out)
    write_json(out / "minihome.json", {"version": 2, "seed": 0})
    write_index(out / "index.json", make_metainfo(0), [clip_record(clip) for clip in clips])
    return out


def pairs_of(home, split="train", **options):
    return FlowPairs(index=home, protocol="cross_subject", split=split, length=6, size=SIZE, **options)


def test_flow_played_again_is_the_stored_truth(home):
    index = load_index(home)
    record = next(record for record in index.records if record["subject"] == "s02")
    stored = read_truth(truth_of(index, record))
    np.testing.assert_allclose(true_flow(record, [0, 7, 28], seed=0), stored[[0, 7, 28]], atol=4e-3)  # float16
    assert truth_of(index, index.records[0] if index.records[0] != record else index.records[1]) is None


def test_judged_against_the_stored_truth(home):
    class Still:
        name, provenance = "still", {}

        def __call__(self, frames):
            return np.zeros((len(frames) - 1, *frames.shape[1:3], 2), np.float32)

    document = evaluation_document(evaluate_dataset(load_index(home), Still()))
    (row,) = document["sequences"].values()
    assert row["epe"] == row["epe_zero_flow"] == document["mean"]["epe"] > 0


def test_pairs_are_windows_of_one_size_and_drawn_anew_each_epoch(home):
    dataset = pairs_of(home, synthetic_ratio=0.5)
    batch = collate_pairs([dataset[number] for number in range(6)])
    assert {name: list(value.shape) for name, value in batch.items() if name != "id"} == {
        "first": [6, 32, 48, 3],
        "second": [6, 32, 48, 3],
        "flow": [6, 2, 32, 48],
    }
    again = pairs_of(home, synthetic_ratio=0.5)
    torch.testing.assert_close(collate_pairs([again[5]])["flow"], batch["flow"][5:])
    dataset.set_epoch(1)
    assert not np.array_equal(dataset[5][1].first, batch["first"][5].numpy())


def test_only_people_of_the_split_are_shown(home):
    for split, subject in (("train", "s01"), ("val", "s04"), ("test", "s02")):
        assert {record["subject"] for record in pairs_of(home, split).true.records} == {subject}


def test_validation_is_whole_true_pairs_the_same_every_time(home):
    dataset = pairs_of(home, "val")
    before = dataset[3][1]
    dataset.set_epoch(9)
    assert before.flow.shape == (120, 160, 2)
    np.testing.assert_array_equal(dataset[3][1].first, before.first)


def test_validation_may_see_larger_frames_whose_vectors_are_as_much_longer(home):
    small, large = pairs_of(home, "val")[3][1], pairs_of(home, "val", short_side=240)[3][1]
    assert large.first.shape == (240, 320, 3)
    np.testing.assert_allclose(large.flow[::2, ::2], 2 * small.flow)
    np.testing.assert_array_equal(pairs_of(home, "train", short_side=240)[3][1].flow, pairs_of(home)[3][1].flow)


def test_a_dataset_without_true_flow_gives_moved_frames(tiny, home):
    dataset = pairs_of(tiny)
    assert dataset.true is None
    assert dataset[0][1].flow.shape == (*SIZE, 2)
    assert pairs_of(tiny, "val")[0][1].flow.any()
    assert {record["subject"] for record in pairs_of(home, background_dataset=tiny).synthetic.records} >= {
        "s01",
        "s03",
    }


def test_true_pairs_of_minihome_fit_their_frames(home):
    """The first frame is found in the second along the flow: better than where nothing moved."""
    import cv2

    index = load_index(home)
    pairs = GroundTruthPairs(index, index.records)
    y, x = np.mgrid[:120, :160].astype(np.float32)
    still, along = [], []
    for record in index.records:
        for time in range(0, 29, 9):
            first, second, flow = pairs.pair(record, time)
            moves = np.linalg.norm(flow, axis=-1) > 1.5
            back = cv2.remap(second, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR)
            for found, store in ((second, still), (back, along)):
                store += np.abs(found.astype(float) - first)[moves].mean(axis=-1).tolist()
    assert len(along) > 300
    assert np.mean(along) < 0.6 * np.mean(still)


def test_vectors_scale_and_turn_with_the_window():
    flow = np.zeros((10, 20, 2), np.float32)
    flow[...] = 3, -2
    crop = Crop(size=(20, 60), y=4, x=5, flip=True)
    np.testing.assert_array_equal(crop_flow(flow, crop, (8, 16)), np.broadcast_to(np.float32([-9, -4]), (8, 16, 2)))
    picture = np.arange(20 * 60, dtype=np.float32).reshape(20, 60, 1)
    assert apply_crop(picture, crop, (8, 16))[0, -1, 0] == 4 * 60 + 5
    drawn = draw_crop((10, 20), (30, 30), np.random.default_rng(0))
    assert drawn.size[0] >= 30
    assert drawn.size[1] >= 30


def test_what_does_not_fit(home, tiny):
    with pytest.raises(InputError, match=r"FlowPairs.synthetic_ratio must be a share"):
        pairs_of(home, synthetic_ratio=2.0)
    with pytest.raises(InputError, match="length must be at least 1, got 0"):
        FlowPairs(index=home, protocol="cross_subject", split="train", length=0, size=SIZE)
    with pytest.raises(InputError, match=r"have true flow .*got none"):
        list(evaluate_dataset(load_index(tiny), lambda frames: frames))
    with pytest.raises(InputError, match=r"hold extracted flow, got none; python tools/extract.py"):
        list(evaluate_dataset(load_index(home), "flow_dis"))

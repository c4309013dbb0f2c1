"""What a sample's picture shows: the streams at the dataset's times, and where a model looks."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from fusion.data import ActionDataset
from fusion.evaluation import FusionCandidate
from fusion.index import load_index, write_index
from fusion.predictions import Predictions
from fusion.rendering import can_explain, gallery, open_explainer, render_sample
from fusion.rendering.attention_maps import AttentionMap, attention_map_rows, find_attention_maps, overlay_heatmap
from fusion.rendering.clip_rows import clip_row
from fusion.rendering.contact_sheet import GAP, GUTTER, MARGIN
from fusion.rendering.explanation import Explanation
from fusion.training.config import build_config
from modalities.checks import InputError
from modalities.clips import FlowClip, PoseClip, Span
from modalities.painting import Canvas
from modalities.registry import MODELS
from modalities.rgb.reader import RgbReader
from modalities.skeleton.painter import fit_front_view

CONFIG = Path(__file__).parents[3] / "configs/fusion/separable_sta_minihome.py"
SMALL = (
    "streams.rgb.num_frames=8",
    "streams.rgb.transform.size=(32, 32)",
    "model.attention.grid=(4, 2, 2)",
    "streams.skeleton.num_frames=8",
)


@pytest.fixture(scope="module")
def index(tiny):
    return load_index(tiny)


@pytest.fixture(scope="module")
def checkpoint(tiny, tmp_path_factory):
    torch.manual_seed(0)
    settings = build_config(CONFIG, options=SMALL, data=tiny)
    path = tmp_path_factory.mktemp("gaze") / "sta.pth"
    torch.save({"state_dict": MODELS.build(settings.model).state_dict()}, path)
    return path


def poses(keypoints, scores=None):
    times = keypoints.shape[1]
    scores = np.ones(keypoints.shape[:3], np.float32) if scores is None else scores
    return PoseClip(keypoints, scores, "minihome16", np.arange(times) / 10, np.ones(times, bool))


def test_the_frames_are_those_the_dataset_reads(tiny, index):
    """10 frames of 0.1 s, 5 columns: their times are the centres of fifths, as a dataset with count 5 takes them."""
    reader = RgbReader(frame_size=(48, 64))
    dataset = ActionDataset(
        index=tiny, protocol="cross_subject", split="test", streams={"rgb": {"reader": reader, "num_frames": 5}}
    )
    sample = dataset.sample(index.record("right_s03"), 0)
    np.testing.assert_allclose(sample.clips["rgb"].times, [0.1, 0.3, 0.5, 0.7, 0.9])
    sheet = np.asarray(render_sample(index, "right_s03", count=5, width=64))
    for column, frame in enumerate(sample.clips["rgb"].data):
        left = MARGIN + GUTTER + column * (64 + GAP)
        shown = sheet[MARGIN + 78 : MARGIN + 78 + 48, left : left + 64]
        np.testing.assert_array_equal(shown[8:-8, 1:-1], frame[8:-8, 1:-1])  # without the rounded outline


def test_an_unknown_id_names_the_nearest(index):
    with pytest.raises(InputError, match=r"got 'rihgt_s03'; the nearest are right_s03, right_s\d\d, right_s\d\d$"):
        render_sample(index, "rihgt_s03")


def test_flow_is_on_one_scale_told_in_pixels_of_the_video():
    data = np.zeros((2, 8, 8, 2), np.float32)
    data[0, ..., 0], data[1, ..., 0] = 8, 4  # canvas pixels, to the right
    row = clip_row("flow_dis", FlowClip(data, 0.1, np.zeros(2), np.ones(2, bool)), canvas=Canvas((8, 8), scale=2))
    assert row.notes[1] == "full: 4.0 px a frame"
    assert tuple(row.cells[0][4, 4]) == (255, 0, 0)
    assert tuple(row.cells[1][4, 4]) == (255, 128, 128)  # half as fast, half as red


def test_a_skeleton_in_metres_is_seen_from_the_front_whole():
    keypoints = np.random.default_rng(0).normal(size=(2, 3, 16, 3)).astype(np.float32)
    places = fit_front_view(poses(keypoints), (60, 80))(keypoints)
    assert (places >= 0).all()
    assert (places < (80, 60)).all()
    spread, shown = (np.ptp(array.reshape(-1, array.shape[-1]), axis=0) for array in (keypoints, places))
    assert shown[0] / spread[0] == pytest.approx(shown[1] / spread[1], rel=1e-4)  # one scale
    frames = np.zeros((3, 60, 80, 3), np.uint8)
    row = clip_row("skeleton", poses(keypoints), canvas=Canvas((60, 80)), frames=frames)
    assert "from the front" in row.notes
    assert row.cells[0].shape == (60, 80, 3)
    assert tuple(row.cells[0][0, 0]) == (246, 246, 246)  # on paper, not on the frame


def test_a_skeleton_that_nobody_saw_is_an_empty_picture():
    clip = poses(np.zeros((1, 1, 16, 3), np.float32), np.zeros((1, 1, 16), np.float32))
    (cell,) = clip_row("skeleton", clip, canvas=Canvas((60, 80))).cells
    assert (cell == 246).all()


def test_warmth_lies_where_alpha_is_high_and_grows_with_beta():
    frame = np.full((40, 40, 3), 100, np.uint8)
    alpha = np.array([[0.9, 0.1], [0.1, 0.1]])
    plain, half, full = (overlay_heatmap(frame, alpha, strength).astype(int) for strength in (0.0, 0.5, 1.0))
    assert len(np.unique(plain)) == 1
    change = np.abs(full - plain).sum(-1)
    assert change[5, 5] > 100
    assert change[35, 35] < 10
    assert change[5, 5] > np.abs(half - plain).sum(-1)[5, 5] > 0


def test_each_column_has_the_beta_of_its_time(index):
    """Two times of β over a second: columns at 0.25 s and 0.75 s; the second weighs nothing, so its frame is grey."""
    gaze = AttentionMap(
        "rgb", RgbReader(frame_size=(48, 64)), Span(0.0, 1.0), np.array([[1.0, 0.0]]), np.array([1.0, 0.0]), posed=True
    )
    record = index.record("still_s01")
    pictures, bars = attention_map_rows(gaze, index, record, np.array([0.25, 0.75]), np.ones(2, bool), width=32)
    assert [cell.shape for cell in pictures.cells] == [(24, 32, 3)] * 2
    colored = [(np.ptp(cell.astype(int), axis=-1) > 3).any() for cell in pictures.cells]
    assert colored == [True, False]
    np.testing.assert_array_equal(bars.values, [1.0, 0.0])


def test_the_gaze_is_that_of_the_models_attention(tiny, index, checkpoint):
    look_of = open_explainer(CONFIG, checkpoint, tiny, SMALL)
    look = look_of("left_s01")
    gaze = look.gaze
    assert gaze.alpha.shape == (2, 2)
    assert gaze.beta.shape == (4,)
    assert gaze.beta.sum() == pytest.approx(1)
    assert gaze.posed
    assert look.span == gaze.span == Span(0.0, 1.0)
    model, dataset = look_of.args
    posture = []
    handle = model.encoders["skeleton"].register_forward_hook(lambda module, inputs, output: posture.append(output))
    assert np.array_equal(
        find_attention_maps(model, dataset, "left_s01").alpha, gaze.alpha
    )  # nothing is drawn at random
    handle.remove()
    vector = posture[0]["map"].mean((1, 3, 4))  # [B, M, C, T, V] -> [B, C]: one person, all times valid
    with torch.no_grad():
        alpha, beta = model.attention.weights(vector)
    np.testing.assert_allclose(gaze.alpha, alpha[0], atol=1e-5)
    np.testing.assert_allclose(gaze.beta, beta[0], atol=1e-5)
    assert not model.attention._forward_pre_hooks
    tall = render_sample(index, "left_s01", count=2, width=64, look=Explanation(look.span, gaze))
    assert tall.height > render_sample(index, "left_s01", count=2, width=64).height + 48


def test_a_sample_has_the_looks_of_the_streams_it_has(tiny, checkpoint, tmp_path):
    data = shutil.copytree(tiny, tmp_path / "data")
    index = load_index(data)
    del index.record("left_s02")["sources"]["rgb"]
    del index.record("left_s03")["sources"]["skeleton"]
    index.record("left_s04")["sources"].clear()
    write_index(data / "index.json", index.metainfo, index.records)
    look_of = open_explainer(CONFIG, checkpoint, data, SMALL)
    both, posed, filmed, none = (look_of(f"left_s0{number}") for number in range(1, 5))
    assert both.gaze is not None
    assert [saliency.stream for saliency in both.saliencies] == ["skeleton"]
    assert posed.gaze is None
    assert len(posed.saliencies) == 1
    assert filmed.gaze is not None
    assert filmed.saliencies == ()
    assert [bool(look) for look in (both, posed, filmed, none)] == [True, True, True, False]


def test_a_model_of_frames_alone_has_nothing_to_show(tiny, tmp_path):
    config = CONFIG.parents[1] / "rgb/r2plus1d_small_minihome.py"
    assert not can_explain(build_config(config))
    assert can_explain(build_config(CONFIG))
    with pytest.raises(InputError, match=r"must have a skeleton stream or SeparableSTA, got rgb; leave out --config"):
        open_explainer(config, tmp_path / "any.pth", tiny)


def test_a_gallery_shows_what_fusion_gains(index):
    names = [record["id"] for record in index.records[:4]]
    labels = np.array([0, 0, 1, 1])

    def system(streams, predicted):
        scores = np.eye(3)[predicted]
        return FusionCandidate(
            streams=streams, fusion="mean", mode="late", scores=scores, present=np.ones(4, bool), validation=0.5
        )

    systems = [
        system(("rgb",), [0, 0, 1, 0]),
        system(("skeleton",), [1, 1, 0, 1]),
        system(("rgb", "skeleton"), [0, 0, 1, 1]),
    ]
    test = Predictions(
        ids=names, labels=labels, classes=tuple(index.classes), scores={"rgb": np.zeros((4, 3))}, kinds={"rgb": "logit"}
    )
    (picture,) = gallery(test, systems, index)
    assert picture.caption.startswith(f"{names[3]}, right. rgb: left ✗, skeleton: right ✓, fused: right ✓")
    assert picture.png.startswith(b"\x89PNG")
    other = Predictions(**{**vars(test), "meta": {"dataset": "jhmdb"}})
    with pytest.raises(InputError, match="must be that of the predictions, 'jhmdb', got 'minihome'"):
        gallery(other, systems, index)

"""Exported models: onnxruntime gives the scores of torch for every kind of network; unfit exports are refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from trained_models import (
    CONFIGS,
    FEW_FRAMES,
    NARROW_SKELETON,
    assert_same_scores,
    compute_scores,
    load_batch,
    load_untrained,
    small_video,
)

from triad.fusion.index import load_index, write_index
from triad.fusion.inference.onnx_check import TOLERANCE, random_batch
from triad.fusion.inference.onnx_export import export
from triad.fusion.inference.onnx_network import OnnxNetwork
from triad.modalities.checks import InputError
from triad.modalities.flow import FlowWriter
from triad.modalities.flow.estimators import build_estimator
from triad.modalities.video import read_frames

FLOW = CONFIGS / "flow/r2plus1d_small_minihome.py"
SKELETON = CONFIGS / "skeleton/stgcnpp_minihome.py"
LIMBS = ["streams.skeleton.transform.limbs=True", "streams.skeleton.encoder.in_channels=14"]


def skeleton_options(*fields: str) -> list[str]:
    return [*FEW_FRAMES, *(f"streams.skeleton.encoder.{field}" for field in fields)]


SKELETON_NETWORKS = {  # every skeleton encoder of the zoo, as small as it can be
    **dict.fromkeys(("aagcn", "agcn", "ctrgcn", "shiftgcn", "stgcn"), NARROW_SKELETON),
    "hyperformer": skeleton_options(
        "joint_parts=None", "head_channels=8", "heads=3", "num_stages=2", "down_stages=(2,)"
    ),
    "lstm": skeleton_options("hidden=16"),
    "msg3d": skeleton_options("widths=(18,36)", "scales=3", "window_scales=2", "windows=(3,)"),
    "sgn": skeleton_options("width=8"),
}


def first_sample(batch: dict) -> dict:
    sample = {key: value[:1] if isinstance(value, list) else value for key, value in batch.items()}
    for name in ("rgb", "skeleton", "view"):
        sample[name] = {field: value[:1] for field, value in batch[name].items()}
    return sample | {key: batch[key][:1] for key in ("number", "label", "span")}


def test_fused_scores_agree_without_a_stream(exported, tiny):
    batch = load_batch(exported.loaded, tiny, 4)
    batch["rgb"]["present"][1] = False
    batch["skeleton"]["present"][2] = False
    scores = OnnxNetwork(exported.path)(batch)
    assert_same_scores(scores, compute_scores(exported.loaded, batch))
    assert not scores["rgb"][1].any()
    assert exported.document["difference"] <= TOLERANCE
    sample = first_sample(batch)
    assert_same_scores(OnnxNetwork(exported.path)(sample), compute_scores(exported.loaded, sample))


def test_single_stream_export(exported, tiny, tmp_path):
    document = export(exported.loaded, tmp_path / "rgb.onnx", stream="rgb")
    batch = load_batch(exported.loaded, tiny)
    scores = OnnxNetwork(tmp_path / "rgb.onnx")({"rgb": batch["rgb"]})
    batch["skeleton"]["present"][:] = False
    assert_same_scores(scores, {"rgb": compute_scores(exported.loaded, batch)["rgb"]})
    assert [row["name"] for row in document["inputs"]] == ["rgb.data", "rgb.valid", "rgb.present"]
    assert [row["name"] for row in document["outputs"]] == ["rgb"]


STACK = [
    *("streams.flow_dis.reader.stack=3", "streams.flow_dis.num_frames=4", "streams.flow_dis.encoder.in_channels=6"),
    "streams.flow_dis.transform.subtract_mean=True",
]


@pytest.mark.parametrize(("options", "axes"), [([], "BTHWC"), (STACK, "BTLHWC")], ids=["fields", "stacks"])
def test_flow_scores_agree(options, axes, tiny, tmp_path):
    index = load_index(tiny)
    estimator = build_estimator("dis")
    records = []
    for record in [row for row in index.records if row["subject"] in ("s02", "s05", "s07")]:
        frames = read_frames(tiny / record["video"], np.arange(record["num_frames"]), fps=record["fps"])
        path = tmp_path / f"{record['id']}.flow"
        with FlowWriter(path) as writer:
            writer.add(estimator(frames))
        source = {"path": path.name, "num": len(frames) - 1, "fps": record["fps"]}
        records.append({**record, "sources": {"flow_dis": source}})
    metainfo = {**index.metainfo, "streams": {"flow_dis": {"modality": "flow"}}}
    write_index(tmp_path / "index.json", metainfo, records)
    loaded = load_untrained(tmp_path / "work", FLOW, tmp_path, [*small_video("flow_dis"), *options])
    document = export(loaded, tmp_path / "flow.onnx")
    assert document["inputs"][0]["axes"] == axes
    batch = load_batch(loaded, tmp_path)
    assert batch["flow_dis"]["data"].ndim == len(axes)
    assert batch["flow_dis"]["data"].abs().max() > 1
    assert_same_scores(OnnxNetwork(tmp_path / "flow.onnx")(batch), compute_scores(loaded, batch))


POSE_DRIVEN = {
    "fusion/joint_cross_attention_minihome": [*small_video("rgb"), *NARROW_SKELETON],
    "fusion/pi_vit_minihome": [  # its skeleton, whose joints are places, belongs to training
        *("streams.rgb.transform.size=(32, 32)", "streams.rgb.encoder.channels=16", "streams.rgb.encoder.depth=1"),
        *NARROW_SKELETON,
    ],
    "skeleton/sta_lstm_minihome": skeleton_options("hidden=8"),
}


@pytest.mark.slow
@pytest.mark.parametrize("leaf", POSE_DRIVEN)
def test_pose_driven_leaves_are_exported(leaf, tiny, tmp_path):
    loaded = load_untrained(tmp_path, CONFIGS / f"{leaf}.py", tiny, POSE_DRIVEN[leaf])
    assert export(loaded, tmp_path / "model.onnx")["difference"] <= TOLERANCE


@pytest.mark.slow  # ST-GCN++ is in the fused model above
@pytest.mark.parametrize("name", SKELETON_NETWORKS)
def test_skeleton_scores_agree(name, tiny, tmp_path):
    loaded = load_untrained(tmp_path, CONFIGS / f"skeleton/{name}_nucla.py", tiny, SKELETON_NETWORKS[name])
    export(loaded, tmp_path / "model.onnx")
    batch = load_batch(loaded, tiny)
    batch["skeleton"]["valid"][1, :, 6:] = False
    assert_same_scores(OnnxNetwork(tmp_path / "model.onnx")(batch), compute_scores(loaded, batch))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options"),
    [("stgcnpp_jhmdb", NARROW_SKELETON), ("posec3d_jhmdb", FEW_FRAMES), ("posec3d_jhmdb", [*FEW_FRAMES, *LIMBS])],
    ids=["graph", "joint maps", "limb maps"],
)
def test_2d_joint_scores_agree(name, options, tiny, tmp_path):
    index = load_index(tiny)
    metainfo = {**index.metainfo, "streams": {"skeleton": {"modality": "skeleton", "layout": "jhmdb15"}}}
    write_index(tmp_path / "index.json", metainfo, [])
    loaded = load_untrained(tmp_path, CONFIGS / f"skeleton/{name}.py", tmp_path, options)
    export(loaded, tmp_path / "model.onnx")
    for num_samples, num_persons in ((3, 1), (1, 3)):
        batch = random_batch(loaded.config, num_samples=num_samples, num_persons=num_persons)
        assert_same_scores(OnnxNetwork(tmp_path / "model.onnx")(batch), compute_scores(loaded, batch))


@pytest.mark.slow
def test_number_of_persons_is_free(tiny, tmp_path):
    loaded = load_untrained(tmp_path, SKELETON, tiny, NARROW_SKELETON)
    document = export(loaded, tmp_path / "model.onnx")
    assert document["inputs"][0]["shape"] == ["batch", "persons", 12, 16, 3]
    network = OnnxNetwork(tmp_path / "model.onnx")
    for num_persons in (1, 2, 3):
        batch = random_batch(loaded.config, num_samples=2, num_persons=num_persons)
        batch["skeleton"]["valid"][0, num_persons - 1] = False  # absent; in a batch of one the only person
        assert_same_scores(network(batch), compute_scores(loaded, batch))
    batch["skeleton"]["data"] = batch["skeleton"]["data"][:, :, :5]
    with pytest.raises(InputError, match=r"skeleton.data.*must be float32 \['batch', 'persons', 12, 16, 3\]"):
        network(batch)


def test_unsupported_operator_is_refused(exported, tiny, tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise torch.onnx.OnnxExporterError("no such operator")

    monkeypatch.setattr(torch.onnx, "export", refuse)
    with pytest.raises(InputError, match=r"must be one that ONNX can hold, got no such operator; export its streams"):
        export(exported.loaded, tmp_path / "two.onnx")
    single = load_untrained(tmp_path, SKELETON, tiny, NARROW_SKELETON)
    with pytest.raises(InputError, match=r"must be one that ONNX can hold, got no such operator$"):
        export(single, tmp_path / "one.onnx")
    assert not list(tmp_path.glob("*.onnx"))


def test_refused_export_leaves_no_file(tiny, tmp_path):
    loaded = load_untrained(tmp_path / "work", SKELETON, tiny, FEW_FRAMES)
    with pytest.raises(InputError, match=r"exported stream must be one of skeleton, got 'skeletn' \(did you mean"):
        export(loaded, tmp_path / "a.onnx", stream="skeletn")
    with pytest.raises(InputError, match=r"must end in .onnx"):
        export(loaded, tmp_path / "a.pt")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot write"):
        export(loaded, tmp_path / "file/a.onnx")
    assert {path.name for path in tmp_path.iterdir()} == {"work", "file"}

"""onnxruntime gives torch's scores on real clips, for every kind of network that is shipped; and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from trained_models import CONFIGS, untrained

from fusion.data.collate import collate
from fusion.data.dataset import ActionDataset
from fusion.index.index import load_index, write_index
from fusion.inference.onnx_description import KEY
from fusion.inference.onnx_export import TOLERANCE, export, random_batch
from fusion.inference.onnx_network import OnnxNetwork, load_onnx
from modalities.checks import InputError
from modalities.flow import FlowWriter
from modalities.flow.estimators import build_estimator
from modalities.video import read_frames

RGB = CONFIGS / "rgb/r2plus1d_small_minihome.py"
FLOW = CONFIGS / "flow/r2plus1d_small_minihome.py"
STA = CONFIGS / "fusion/separable_sta_minihome.py"
SKELETON = CONFIGS / "skeleton/stgcnpp_minihome.py"
VIDEO = ["streams.{stream}.encoder.widths=(16,32)", "streams.{stream}.encoder.depths=(1,1)"]
VIDEO += ["streams.{stream}.encoder.temporal_strides=(1,2)"]
FEW = ["streams.skeleton.num_frames=12"]
LIMBS = ["streams.skeleton.transform.limbs=True", "streams.skeleton.encoder.in_channels=14"]
NARROW = [*FEW, "streams.skeleton.encoder.widths=(16,32)"]
ATTENTION = ["model.attention.grid=(4,11,14)", "model.attention.video_channels=32", "model.attention.pose_channels=32"]
KINDS = {  # each skeleton encoder of the zoo, as small as it can be
    **dict.fromkeys(("aagcn", "agcn", "ctrgcn", "shiftgcn", "stgcn"), NARROW),
    "hyperformer": [*FEW, *(f"streams.skeleton.encoder.{each}" for each in (
        "parts=None", "head_channels=8", "heads=3", "num_stages=2", "down_stages=(2,)"))],
    "lstm": [*FEW, "streams.skeleton.encoder.hidden=16"],
    "msg3d": [*FEW, *(f"streams.skeleton.encoder.{each}" for each in (
        "widths=(18,36)", "scales=3", "window_scales=2", "windows=(3,)"))],
    "sgn": [*FEW, "streams.skeleton.encoder.width=8"],
}  # fmt: skip


def of_video(stream: str) -> list[str]:
    return [option.format(stream=stream) for option in VIDEO]


def samples(trained, data: Path, count: int = 3) -> dict:
    """The first records of the test split, as ``test`` batches them."""
    loader = trained.config.test_dataloader["dataset"]
    options = {key: loader[key] for key in ("streams", "temporal_sampler", "seed") if key in loader}
    dataset = ActionDataset(index=data, protocol="cross_subject", split="test", **options)
    return collate([dataset[row] for row in range(count)])


def scores_of(trained, batch: dict) -> dict[str, np.ndarray]:
    """What ``test`` writes down."""
    model = trained.recognizer
    with torch.no_grad():
        rows = model(**model.data_preprocessor(batch, False), mode="predict")
    nothing = {"score": np.zeros(len(trained.classes))}
    found = {name: np.stack([row["streams"].get(name, nothing)["score"] for row in rows]) for name in model.streams}
    return found | ({"fused": np.stack([row["fused"] for row in rows])} if len(found) > 1 else {})


def compare(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert list(found) == list(expected)
    for name, scores in expected.items():
        assert np.ptp(scores) > 100 * TOLERANCE, name  # or all would agree
        np.testing.assert_allclose(found[name], scores, rtol=0, atol=TOLERANCE)


@pytest.fixture(scope="module")
def sta(tiny: Path, tmp_path_factory: pytest.TempPathFactory):
    """The model of two streams, the folder of the file that it became, and what that says of itself."""
    folder = tmp_path_factory.mktemp("sta")
    trained = untrained(folder, STA, tiny, [*of_video("rgb"), *NARROW, *ATTENTION])
    return trained, folder, export(trained, folder / "whole.onnx")


def test_the_fused_model_agrees_whatever_a_sample_has(sta, tiny):
    trained, folder, document = sta
    batch = samples(trained, tiny, 4)
    batch["rgb"]["present"][1] = False
    batch["skeleton"]["present"][2] = False
    found = OnnxNetwork(folder / "whole.onnx")(batch)
    compare(found, scores_of(trained, batch))
    assert not found["rgb"][1].any()
    assert document["difference"] <= TOLERANCE
    one = {key: value[:1] if isinstance(value, list) else value for key, value in batch.items()}
    one |= {name: {field: each[:1] for field, each in batch[name].items()} for name in ("rgb", "skeleton", "view")}
    one["number"], one["label"], one["span"] = (batch[key][:1] for key in ("number", "label", "span"))
    compare(OnnxNetwork(folder / "whole.onnx")(one), scores_of(trained, one))


def test_a_stream_alone_is_the_model_without_the_others(sta, tiny):
    trained, folder, _ = sta
    document = export(trained, folder / "rgb.onnx", stream="rgb")
    batch = samples(trained, tiny)
    network = OnnxNetwork(folder / "rgb.onnx")
    found = network({"rgb": batch["rgb"]})
    batch["skeleton"]["present"][:] = False
    compare(found, {"rgb": scores_of(trained, batch)["rgb"]})
    assert [row["name"] for row in document["inputs"]] == ["rgb.data", "rgb.valid", "rgb.present"]
    assert [row["name"] for row in document["outputs"]] == ["rgb"]


def test_the_file_says_how_its_batches_are_made(sta, tiny):
    trained, folder, _ = sta
    model = load_onnx(folder / "whole.onnx")
    assert (model.name, model.classes, model.temporal_sampler.num_clips) == ("whole", ("left", "right", "still"), 1)
    assert (model.clip_lengths.median, model.clip_lengths.longest) == (1.0, 1.0)
    reading = model.inputs["skeleton"]
    assert (reading.source, reading.num_frames, reading.reader.layout.name) == ("skeleton", 12, "minihome16")
    assert (model.inputs["rgb"].num_frames, model.inputs["rgb"].reader.frame_size) == (8, (120, 160))
    streams = {name: {"reader": each.reader, "num_frames": each.num_frames} for name, each in model.inputs.items()}
    dataset = ActionDataset(
        index=tiny, protocol="cross_subject", split="test", streams=streams, temporal_sampler=model.temporal_sampler
    )
    again, batch = collate([dataset[0], dataset[1]]), samples(trained, tiny, 2)
    for name in ("rgb", "skeleton"):
        for field, value in batch[name].items():
            torch.testing.assert_close(again[name][field], value, rtol=0, atol=0)


def test_flow_of_a_real_clip(tiny, tmp_path):
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
    trained = untrained(tmp_path / "work", FLOW, tmp_path, of_video("flow_dis"))
    export(trained, tmp_path / "flow.onnx")
    batch = samples(trained, tmp_path)
    assert batch["flow_dis"]["data"].abs().max() > 1
    compare(OnnxNetwork(tmp_path / "flow.onnx")(batch), scores_of(trained, batch))


@pytest.mark.slow  # ST-GCN++ is in the fused model above
@pytest.mark.parametrize("name", KINDS)
def test_every_skeleton_network_agrees(name, tiny, tmp_path):
    trained = untrained(tmp_path, CONFIGS / f"skeleton/{name}_nucla.py", tiny, KINDS[name])
    export(trained, tmp_path / "it.onnx")
    batch = samples(trained, tiny)
    batch["skeleton"]["valid"][1, :, 6:] = False
    compare(OnnxNetwork(tmp_path / "it.onnx")(batch), scores_of(trained, batch))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options"),
    [("stgcnpp_jhmdb", NARROW), ("posec3d_jhmdb", FEW), ("posec3d_jhmdb", [*FEW, *LIMBS])],
    ids=["graph", "joint maps", "limb maps"],
)
def test_pixels_agree(name, options, tiny, tmp_path):
    index = load_index(tiny)
    metainfo = {**index.metainfo, "streams": {"skeleton": {"modality": "skeleton", "layout": "jhmdb15"}}}
    write_index(tmp_path / "index.json", metainfo, [])
    trained = untrained(tmp_path, CONFIGS / f"skeleton/{name}.py", tmp_path, options)
    export(trained, tmp_path / "it.onnx")
    for size, persons in ((3, 1), (1, 3)):
        batch = random_batch(trained.config, size=size, persons=persons)
        compare(OnnxNetwork(tmp_path / "it.onnx")(batch), scores_of(trained, batch))


@pytest.mark.slow
def test_two_people_one_or_three_in_one_file(tiny, tmp_path):
    trained = untrained(tmp_path, SKELETON, tiny, NARROW)
    document = export(trained, tmp_path / "it.onnx")
    assert document["inputs"][0]["shape"] == ["batch", "persons", 12, 16, 3]
    network = OnnxNetwork(tmp_path / "it.onnx")
    for persons in (1, 2, 3):
        batch = random_batch(trained.config, size=2, persons=persons)
        batch["skeleton"]["valid"][0, persons - 1] = False  # not there: in a batch of one the only person
        compare(network(batch), scores_of(trained, batch))
    batch["skeleton"]["data"] = batch["skeleton"]["data"][:, :, :5]
    with pytest.raises(InputError, match=r"skeleton.data.*must be float32 \['batch', 'persons', 12, 16, 3\]"):
        network(batch)


def test_a_network_that_onnx_cannot_hold(sta, tiny, tmp_path, monkeypatch):
    def refuse(*given, **options):
        raise torch.onnx.OnnxExporterError("no such operator")

    monkeypatch.setattr(torch.onnx, "export", refuse)
    with pytest.raises(InputError, match=r"must be one that ONNX can hold, got no such operator; export its streams"):
        export(sta[0], tmp_path / "two.onnx")
    alone = untrained(tmp_path, SKELETON, tiny, NARROW)
    with pytest.raises(InputError, match=r"must be one that ONNX can hold, got no such operator$"):
        export(alone, tmp_path / "one.onnx")
    assert not list(tmp_path.glob("*.onnx"))


def test_what_cannot_be_exported_is_one_line_and_leaves_no_file(tiny, tmp_path):
    trained = untrained(tmp_path / "work", SKELETON, tiny, FEW)
    with pytest.raises(InputError, match=r"exported stream must be one of skeleton, got 'skeletn' \(did you mean"):
        export(trained, tmp_path / "a.onnx", stream="skeletn")
    with pytest.raises(InputError, match=r"must end in .onnx"):
        export(trained, tmp_path / "a.pt")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot write"):
        export(trained, tmp_path / "file/a.onnx")
    assert {path.name for path in tmp_path.iterdir()} == {"work", "file"}


def test_files_that_are_no_export_of_ours_are_refused(tmp_path):
    import onnx

    with pytest.raises(InputError, match="exported model must be a file"):
        OnnxNetwork(tmp_path / "none.onnx")
    (tmp_path / "text.onnx").write_text("no model")
    with pytest.raises(InputError, match="must be an ONNX model"):
        OnnxNetwork(tmp_path / "text.onnx")
    value = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    other = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])
    foreign = onnx.helper.make_model(
        onnx.helper.make_graph([node], "g", [value], [other]),
        ir_version=10,
        opset_imports=[onnx.helper.make_opsetid("", 18)],
    )
    for text in (None, "{}", "not json"):
        if text is not None:
            onnx.helper.set_model_props(foreign, {KEY: text})
        onnx.save(foreign, tmp_path / "foreign.onnx")
        with pytest.raises(InputError, match="must describe itself in its metadata 'triad'"):
            OnnxNetwork(tmp_path / "foreign.onnx")


def test_the_metadata_is_json_that_names_everything(sta):
    import onnx

    _, folder, told = sta
    stored = onnx.load(folder / "whole.onnx").metadata_props
    document = json.loads(next(each.value for each in stored if each.key == KEY))
    assert document == {key: value for key, value in told.items() if key != "difference"}
    assert document["streams"]["rgb"]["transform"]["mean"] == [123.675, 116.28, 103.53]
    assert document["streams"]["skeleton"]["transform"]["steps"][2] == {"type": "ScaleByTorso"}
    assert document["streams"]["skeleton"]["layout"]["joints"][0] == "pelvis"
    assert len(document["checkpoint"]["sha256"]) == 64


def test_it_can_be_fed_by_its_metadata_alone(sta, tiny):
    """As somebody without this project would: the words of ``times`` and ``feeding``, in numpy, PyAV and OpenCV."""
    import av
    import cv2
    import onnxruntime

    trained, folder, _ = sta
    session = onnxruntime.InferenceSession(folder / "whole.onnx")
    document = json.loads(session.get_modelmeta().custom_metadata_map[KEY])
    assert (document["temporal_sampler"]["length"], document["temporal_sampler"]["num_clips"]) == (None, 1)
    record = next(row for row in load_index(tiny).records if row["id"] == "left_s02")
    with av.open(str(tiny / record["video"])) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    begins = np.arange(len(frames)) / 10.0

    def shown(count: int) -> np.ndarray:
        times = (np.arange(count) + 0.5) * (len(frames) / 10.0) / count
        return np.array([np.flatnonzero(begins <= time + 1e-6)[-1] for time in times])

    rgb, skeleton = document["streams"]["rgb"], document["streams"]["skeleton"]
    canvas_h, canvas_w = rgb["reader"]["frame_size"]
    height, width = frames[0].shape[:2]
    scale = min(canvas_h / height, canvas_w / width)
    small = (round(scale * width), round(scale * height))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    pictures = np.zeros((rgb["num_frames"], canvas_h, canvas_w, 3), np.uint8)
    x, y = int((canvas_w - scale * width) / 2), int((canvas_h - scale * height) / 2)
    for picture, index in zip(pictures, shown(rgb["num_frames"]), strict=True):
        picture[y : y + small[1], x : x + small[0]] = cv2.resize(frames[index], small, interpolation=way)
    poses = np.load(tiny / "skeleton/left_s02.npz")
    joints, scores = (poses[name][:, shown(skeleton["num_frames"])] for name in ("keypoints", "scores"))
    values = {
        "rgb.data": pictures,
        "rgb.valid": np.ones(rgb["num_frames"], bool),
        "skeleton.data": joints,
        "skeleton.scores": scores,
        "skeleton.valid": (scores > 0).any(-1),
    }
    values |= {f"{name}.present": np.array(True) for name in document["streams"]}
    outputs = [row["name"] for row in document["outputs"]]
    found = session.run(outputs, {row["name"]: values[row["name"]][None] for row in document["inputs"]})
    compare(dict(zip(outputs, found, strict=True)), scores_of(trained, samples(trained, tiny, 1)))

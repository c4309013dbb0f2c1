"""Data that does not fit: the commands print one line with file and cure, exit with 1 and lose nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from triad.fusion.predictions import Predictions
from triad.modalities.atomic_files import write_arrays
from triad.modalities.flow import FlowFile
from triad.modalities.video import write_video

CURE = "prepare the dataset again"


def edit_index(data: Path, change: Callable[[dict], object]) -> None:
    """Apply a change to the index of a dataset."""
    path = data / "index.json"
    index = json.loads(path.read_text())
    change(index)
    path.write_text(json.dumps(index))


def test_error_in_worker_is_one_line(train, one_line, data):
    video = data / "videos/left_s01.mp4"
    video.write_bytes(video.read_bytes()[:900])
    code, err = train("rgb", data, workers=1)
    assert code == 1
    line = one_line(err)
    assert f"stream 'rgb' of clip 'left_s01': video must be readable, got '{video}'" in line
    assert "download or record it again, or leave it out of the dataset" in line


@pytest.mark.parametrize(
    ("stream", "file", "content", "message"),
    [
        ("rgb", "videos/left_s01.mp4", b"", "video must have content, got '{path}', which is empty; download"),
        ("rgb", "videos/left_s01.mp4", None, "video must be a file, got '{path}', which does not exist; download"),
        ("skeleton", "skeleton/left_s01.npz", None, f"got '{{path}}', which does not exist; {CURE}"),
        ("skeleton", "skeleton/left_s01.npz", b"PK", "'{path}' must be a readable .npz, got a file of another kind"),
    ],
)
def test_unreadable_file_is_named(command, train, one_line, data, stream, file, content, message):
    path = data / file
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    code, err = train(stream, data)
    assert code == 1
    assert f"stream '{stream}' of clip 'left_s01': " in one_line(err)
    assert message.format(path=path) in one_line(err)
    code, out, _ = command("prepare.py", "--json", "--check", data)
    assert code == 1
    assert [row["id"] for row in json.loads(out)["problems"]] == ["left_s01"]


def test_missing_stream_names_extract_command(command, train, recipes, one_line, data):
    cure = f"triad extract {data} --flow dis"
    code, err = train("flow_dis", data)
    assert code == 1
    assert one_line(err).endswith(f"got only rgb, skeleton; {cure}")
    words = ["--work-dir", data.parent, "--cfg-options", f"data.index={data}"]
    code, _, err = command("train.py", recipes["flow_dis"][0], *words)
    assert code == 1
    assert one_line(err).endswith(cure)


def test_missing_flow_file_is_named(command, train, one_line, data):
    assert command("extract.py", data, "--flow", "dis", "--workers", 1)[0] == 0
    path = data / "flow_dis/left_s01.flow"
    path.unlink()
    code, err = train("flow_dis", data)
    assert code == 1
    assert f"flow must be a file, got '{path}', which does not exist; extract the flow again" in one_line(err)
    assert command("extract.py", data, "--flow", "dis", "--workers", 1)[0] == 0
    assert FlowFile(path).num == 9


def test_single_frame_clip_has_no_flow(command, train, recipes, one_line, data):
    """Extraction reports the clip, and every network trains and predicts with it."""
    name = "left_s01"
    write_video(data / f"videos/{name}.mp4", [np.full((48, 64, 3), 90, np.uint8)], fps=10)
    with np.load(data / f"skeleton/{name}.npz") as arrays:
        write_arrays(data / f"skeleton/{name}.npz", **{key: value[:, :1] for key, value in arrays.items()})

    def shorten(index: dict) -> None:
        record = next(record for record in index["data_list"] if record["id"] == name)
        record["num_frames"] = record["sources"]["rgb"]["num"] = record["sources"]["skeleton"]["num"] = 1

    edit_index(data, shorten)
    code, out, err = command("extract.py", data, "--flow", "dis", "--workers", 1, "--json")
    assert code == 1
    assert [(row["stream"], row["extracted"]) for row in json.loads(out)["streams"]] == [("flow_dis", 11)]
    assert f"'{name}': flow for '{data / 'flow_dis' / name}.flow' must have at least one field" in one_line(err)
    assert one_line(err).endswith(
        "which takes two frames, got none; nothing to do: the clip counts as one without flow"
    )
    assert [row["id"] for row in json.loads((data / "flow_dis/failures.json").read_text())] == [name]

    for stream, (config, small) in recipes.items():
        code, err = train(stream, data)
        assert code == 0, err
        weights = torch.load(data.parent / stream / "epoch_1.pth", weights_only=True)["state_dict"]
        assert all(torch.isfinite(value).all() for value in weights.values())
        dump = data.parent / f"{stream}.npz"
        words = ["--data", data, "--split", "train+val", "--dump", dump]
        code, _, err = command("test.py", config, data.parent / stream, *words, "--cfg-options", *small)
        assert code == 0, err
        assert all("Epoch(test)" in line for line in err.splitlines())
        predictions = Predictions.load(dump)
        row = predictions.ids.tolist().index(name)
        assert predictions.present[stream][row] == (stream != "flow_dis")
        assert np.isfinite(predictions.scores[stream]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda index: index["data_list"][3].update(label=7),
            "label of record 3 of '{path}' must be a class index below 3",
        ),
        (
            lambda index: index["data_list"][3].update(label="wave"),
            "must be a class index below 3, a list of them or of segments, or null, got 'wave'",
        ),
        (
            lambda index: index["data_list"][1].update(id="left_s01"),
            "record 1 of '{path}' must be unique, got 'left_s01'",
        ),
        (lambda index: index["data_list"][2].pop("sources"), "record 2 of '{path}' must have 'sources'"),
        (
            lambda index: index["data_list"][2]["sources"].update(depth={}),
            "depth of sources of record 2 of '{path}' must have 'num', got []",
        ),
        (lambda index: index["metainfo"].pop("classes"), "metainfo of '{path}' must have classes"),
        (lambda index: index.pop("data_list"), "'{path}' must have 'metainfo' and 'data_list'"),
    ],
)
def test_inconsistent_index_is_refused(train, one_line, data, change, message):
    edit_index(data, change)
    code, err = train("skeleton", data)
    assert code == 1
    assert message.format(path=data / "index.json") in one_line(err)
    assert one_line(err).endswith(f"{CURE} (triad prepare)")


def test_predictions_of_different_samples_are_refused(command, one_line, scored):
    test = scored("t", range(8))
    shifted = scored("t", range(2, 9), stream="skeleton", name="shifted")
    code, out, err = command("fuse.py", test, shifted, "--fit", scored("v", range(8)), "--json")
    assert (code, out) == (1, "")
    assert "2 missing: 't0', 't1' and 1 more: 't8'; dump all of them on the same dataset" in one_line(err)


def test_fitting_on_test_samples_is_refused(command, one_line, scored):
    test = scored("t", range(8))
    code, _, err = command("fuse.py", test, "--fit", test)
    assert code == 1
    assert (
        "8 shared: 't0', 't1', 't2', 't3', 't4' and 3 more; give the predictions of the validation split to --fit"
        in one_line(err)
    )

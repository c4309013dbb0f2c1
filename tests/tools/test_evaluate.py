"""The command evaluate on flow and its storage."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
from flo_files import write_flo

from triad.modalities.atomic_files import write_arrays
from triad.modalities.flow import FlowWriter


@pytest.fixture
def sequences(tmp_path):
    """Folder of one sequence in Middlebury's format: a texture that moves by (2, 0)."""
    folder = tmp_path / "sequences/Shift"
    folder.mkdir(parents=True)
    texture = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 255, (64, 96, 3), np.uint8), (0, 0), 2)
    texture = cv2.normalize(texture, None, 0, 255, cv2.NORM_MINMAX)
    cv2.imwrite(str(folder / "frame10.png"), texture[:, 2:-2])
    cv2.imwrite(str(folder / "frame11.png"), texture[:, :-4])
    write_flo(folder / "flow10.flo", np.full((64, 92, 2), (2, 0), np.float32))
    return folder.parent


def test_sequences_give_their_error(command, sequences):
    code, out, _ = command("evaluate.py", "flow", sequences, "--flow", "dis", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["sequences"]["Shift"]["epe"] == document["mean"]["epe"] < 0.3
    assert document["mean"]["epe_zero_flow"] == 2.0
    code, out, _ = command("evaluate.py", "flow", sequences, "--flow", "dis")
    assert "Shift" in out
    assert "mean" in out
    code, out, _ = command("evaluate.py", "flow", sequences, "--flow", "dis@128", "--json")
    assert (code, json.loads(out)["mean"]["epe"] < 0.3) == (
        0,
        True,
    )  # in pixels of the sequence, not of the smaller frames


def test_stored_stream_meets_true_flow(command, data, one_line):
    index = json.loads((data / "index.json").read_text())
    record = index["data_list"][0]
    truth = np.full((9, 48, 64, 2), (1, 0), np.float16)
    write_arrays(data / f"truth/{record['id']}.npz", flow=truth)
    with FlowWriter(data / "flow_x/a.flow") as writer:
        writer.add(np.zeros((9, 48, 64, 2), np.float32))
    record["sources"]["flow_x"] = {"path": "flow_x/a.flow", "num": 9, "fps": 10.0}
    index["metainfo"]["streams"]["flow_x"] = {"modality": "flow"}
    (data / "index.json").write_text(json.dumps(index))
    code, out, _ = command("evaluate.py", "flow", data, "--stream", "flow_x", "--json")
    assert code == 0
    assert json.loads(out)["sequences"] == {
        record["id"]: {
            **{"epe": 1.0, "outliers": 0.0, "above_1px": 0.0, "above_3px": 0.0, "above_5px": 0.0},
            **{"epe_zero_flow": 1.0, "epe_moving": 1.0, "epe_zero_flow_moving": 1.0},
        }
    }
    with FlowWriter(data / "flow_x/a.flow") as writer:  # flow of frames at half the size
        writer.add(np.full((9, 24, 32, 2), (0.5, 0), np.float32))
    code, out, _ = command("evaluate.py", "flow", data, "--stream", "flow_x", "--json")
    assert json.loads(out)["mean"]["epe"] == 0.0
    code, _, err = command("evaluate.py", "flow", data, "--stream", "flow_y")
    assert code == 1
    assert "did you mean 'flow_x'" in one_line(err)
    write_arrays(data / f"truth/{record['id']}.npz", flow=truth[:8])
    code, _, err = command("evaluate.py", "flow", data, "--stream", "flow_x")
    assert "a.flow' must be [8, 24, 32] as its truth, got [9, 24, 32]" in one_line(err)


@pytest.mark.parametrize(
    ("words", "expected_code", "message"),
    [
        (["--flow", "dsi"], 1, "(did you mean 'dis'?)"),
        ([], 2, "give --flow NAME, or --stream"),
        (["--stream", "a", "--weights", "w"], 2, "go with --flow"),
        (["--flow", "raft_small"], 1, "weights of raft_small must be given"),
        (["--flow", "dis"], 1, "must exist"),
    ],
)
def test_unfit_input_is_refused(command, tmp_path, words, expected_code, message):
    code, out, err = command("evaluate.py", "flow", tmp_path / "none", *words)
    assert (code, out) == (expected_code, "")
    assert message in " ".join(err.split())


def test_storage_compares_all_codecs(command, data):
    code, out, _ = command("evaluate.py", "storage", data, "--clips", 2, "--json")
    document = json.loads(out)
    assert code == 0
    assert (document["fields"], document["height"], document["width"]) == (18, 48, 64)
    ours = document["codecs"]["this project's (steps of 1/32 px)"]
    assert ours["error_max"] <= 2**0.5 / 64 + 1e-6
    assert document["codecs"]["float32, deflated"]["error_max"] == 0
    assert all(row["bytes"] > 0 and row["random"] > 0 for row in document["codecs"].values())


def test_only_fast_raft_starts_warm(command, sequences, one_line):
    words = ["--flow", "raft_small_fast", "--weights", "random:0", "--iterations", 1, "--warm-start", "--json"]
    code, out, _ = command("evaluate.py", "flow", sequences, *words)
    assert (code, json.loads(out)["mean"]["epe_zero_flow"]) == (0, 2.0)
    code, _, err = command("evaluate.py", "flow", sequences, "--flow", "dis", "--warm-start")
    assert (code, "--warm-start must be left out for 'dis'" in one_line(err)) == (1, True)

"""Import of denseflow's pairs of images with ``extract --import-flow``."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from triad.fusion.index import load_index
from triad.modalities.flow import FlowFile


@pytest.fixture
def pairs(data, tmp_path):
    """Pairs of every video of the dataset, ten frames each; flow is (2, −2) pixels everywhere."""
    codes = np.rint(255 * (np.float32([2, -2]) + 20) / 40).astype(np.uint8)
    for record in load_index(data).records:
        folder = tmp_path / "pairs" / record["id"]
        folder.mkdir(parents=True)
        for number in range(1, 10):
            for code, axis in zip(codes, "xy", strict=True):
                cv2.imwrite(str(folder / f"flow_{axis}_{number:05d}.jpg"), np.full((48, 64), code, np.uint8))
    return tmp_path / "pairs"


def import_pairs(command, data, pairs, *options):
    return command("extract.py", data, "--import-flow", "tvl1", pairs, "--workers", 1, "--json", *options)


def test_pairs_become_a_stream(command, data, pairs):
    code, stdout, _ = import_pairs(command, data, pairs)
    assert code == 0
    (row,) = json.loads(stdout)["streams"]
    assert (row["stream"], row["extracted"], row["counts"]) == ("flow_tvl1", 12, {"clipped": 0})
    index = load_index(data)
    assert index.metainfo["streams"]["flow_tvl1"] == {"modality": "flow"}
    file = FlowFile(index.source(index.records[0], "flow_tvl1").path)
    assert (file.num, file.height, file.width) == (9, 48, 64)
    # half a step of 40/255 pixels, and half of ours
    assert np.abs(file.read(np.arange(9)) - np.float32([2, -2])).max() < 40 / 255 / 2 + 1 / 64
    assert file.provenance["imported"] == {"from": "pairs of 8-bit pictures", "bound": 20.0, "lossy": True}
    assert json.loads(import_pairs(command, data, pairs)[1])["streams"][0]["skipped"] == 12
    code, _, stderr = import_pairs(command, data, pairs, "--bound", 15)  # not into the same store
    assert code == 1
    assert "'imported' of this extraction must be" in stderr


def test_floats_become_a_stream(command, data, tmp_path):
    for record in load_index(data).records:
        (tmp_path / "floats" / record["id"]).mkdir(parents=True)
        for number in range(9):
            np.save(tmp_path / "floats" / record["id"] / f"{number}.npy", np.full((48, 64, 2), number, np.float16))
    assert import_pairs(command, data, tmp_path / "floats")[0] == 0
    index = load_index(data)
    file = FlowFile(index.source(index.records[0], "flow_tvl1").path)
    np.testing.assert_array_equal(file.read(np.arange(9)).mean((1, 2, 3)), np.arange(9))
    assert file.provenance["imported"] == {"from": "fields of floats"}


def test_unfit_videos_are_listed(command, data, pairs):
    ids = [record["id"] for record in load_index(data).records]
    (pairs / ids[0] / "flow_x_00009.jpg").unlink()
    (pairs / ids[0] / "flow_y_00009.jpg").unlink()
    (pairs / ids[1] / "flow_y_00004.jpg").unlink()
    for axis in "xy":
        cv2.imwrite(str(pairs / ids[2] / f"flow_{axis}_00001.jpg"), np.zeros((48, 48), np.uint8))
    for path in (pairs / ids[3]).iterdir():
        path.unlink()
    (pairs / ids[3]).rmdir()
    for axis in "xy":
        cv2.imwrite(str(pairs / ids[4] / f"flow_{axis}_00001.jpg"), np.full((48, 64), 255, np.uint8))
    code, stdout, _ = import_pairs(command, data, pairs)
    assert code == 1
    (row,) = json.loads(stdout)["streams"]
    assert (row["extracted"], row["failed"], row["counts"]) == (8, 4, {"clipped": 2 * 48 * 64})
    reasons = [row["reason"] for row in json.loads((data / "flow_tvl1/failures.json").read_text())]
    assert "must hold 9 pairs, one less than the video has frames, got 8" in reasons[0]
    assert "flow_x_00004.jpg' must have its vertical component beside it" in reasons[1]
    assert "shape of the video's frames (48 × 64), got 48 × 48" in reasons[2]
    assert f"hold a folder of flow for '{ids[3]}', got none" in reasons[3]
    assert not list((data / "flow_tvl1").glob(".*partial*"))


@pytest.mark.parametrize(
    ("options", "expected_code", "message"),
    [
        (["--bound", "0"], 1, "bound of imported flow must be pixels above 0, to 1023, got 0"),
        (["--flow", "dis"], 1, "folder of flow to import must exist"),
    ],
)
def test_wrong_options_are_one_line(command, data, tmp_path, one_line, options, expected_code, message):
    code, _, stderr = command("extract.py", data, "--import-flow", "tvl1", tmp_path / "none", "--workers", 1, *options)
    assert code == expected_code
    assert message in one_line(stderr)


def test_bound_needs_import_flow(command, data):
    assert command("extract.py", data, "--bound", 3, "--flow", "dis")[0] == 2


def test_import_name_must_name_a_folder(command, data, tmp_path):
    assert command("extract.py", data, "--import-flow", "a/b", tmp_path, "--workers", 1)[0] == 1

"""extract --import-flow: other people's picture pairs become a stream; what does not fit is listed, video by video."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from fusion.index.index import load_index
from modalities.flow import FlowFile


@pytest.fixture
def pairs(data, tmp_path):
    """Pairs of every video of the dataset, ten frames each, moving by (2, −2) pixels."""
    codes = np.rint(255 * (np.float32([2, -2]) + 20) / 40).astype(np.uint8)
    for record in load_index(data).records:
        folder = tmp_path / "pairs" / record["id"]
        folder.mkdir(parents=True)
        for number in range(1, 10):
            for code, name in zip(codes, "xy", strict=True):
                cv2.imwrite(str(folder / f"flow_{name}_{number:05d}.jpg"), np.full((48, 64), code, np.uint8))
    return tmp_path / "pairs"


def imported(command, data, pairs, *words):
    return command("extract.py", data, "--import-flow", "tvl1", pairs, "--workers", 1, "--json", *words)


def test_pairs_become_a_stream_that_says_what_it_is(command, data, pairs):
    code, said, _ = imported(command, data, pairs)
    assert code == 0
    (row,) = json.loads(said)["streams"]
    assert (row["stream"], row["extracted"], row["counts"]) == ("flow_tvl1", 12, {"clipped": 0})
    index = load_index(data)
    assert index.metainfo["streams"]["flow_tvl1"] == {"modality": "flow"}
    file = FlowFile(index.source(index.records[0], "flow_tvl1").path)
    assert (file.num, file.height, file.width) == (9, 48, 64)
    # half a step of 40/255 pixels, and half of ours
    assert np.abs(file.read(np.arange(9)) - np.float32([2, -2])).max() < 40 / 255 / 2 + 1 / 64
    assert file.provenance["imported"] == {"from": "pairs of 8-bit pictures", "bound": 20.0, "lossy": True}
    assert json.loads(imported(command, data, pairs)[1])["streams"][0]["skipped"] == 12
    code, _, err = imported(command, data, pairs, "--bound", 15)  # not into the same store
    assert code == 1
    assert "'imported' of this extraction must be" in err


def test_what_does_not_fit_is_listed_and_the_rest_is_kept(command, data, pairs):
    names = [record["id"] for record in load_index(data).records]
    (pairs / names[0] / "flow_x_00009.jpg").unlink()
    (pairs / names[0] / "flow_y_00009.jpg").unlink()
    (pairs / names[1] / "flow_y_00004.jpg").unlink()
    for name in "xy":
        cv2.imwrite(str(pairs / names[2] / f"flow_{name}_00001.jpg"), np.zeros((48, 48), np.uint8))
    for path in (pairs / names[3]).iterdir():
        path.unlink()
    (pairs / names[3]).rmdir()
    for name in "xy":
        cv2.imwrite(str(pairs / names[4] / f"flow_{name}_00001.jpg"), np.full((48, 64), 255, np.uint8))
    code, said, _ = imported(command, data, pairs)
    assert code == 1
    (row,) = json.loads(said)["streams"]
    assert (row["extracted"], row["failed"], row["counts"]) == (8, 4, {"clipped": 2 * 48 * 64})
    reasons = [each["reason"] for each in json.loads((data / "flow_tvl1/failures.json").read_text())]
    assert "must hold 9 pairs, one less than the video has frames, got 8" in reasons[0]
    assert "flow_x_00004.jpg' must have its vertical component beside it" in reasons[1]
    assert "shape of the video's frames (48 × 64), got 48 × 48" in reasons[2]
    assert f"hold a folder of flow for '{names[3]}', got none" in reasons[3]
    assert not list((data / "flow_tvl1").glob(".*partial*"))


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--bound", "0"], 1, "bound of imported flow must be pixels above 0, to 1023, got 0"),
        (["--flow", "dis"], 1, "folder of flow to import must be there"),
    ],
)
def test_usage(command, data, tmp_path, one_line, words, code, message):
    done, _, err = command("extract.py", data, "--import-flow", "tvl1", tmp_path / "none", "--workers", 1, *words)
    assert done == code
    assert message in one_line(err)
    assert command("extract.py", data, "--bound", 3, "--flow", "dis")[0] == 2
    assert command("extract.py", data, "--import-flow", "a/b", tmp_path, "--workers", 1)[0] == 1

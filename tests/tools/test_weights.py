"""The command weights: whose names a file has, what matches, and the option that loads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torchvision.models.video import r2plus1d_18

from triad.fusion.training.config import build_config
from triad.fusion.training.weights_match import choose_streams
from triad.modalities.checks import InputError
from triad.modalities.registry import MODELS
from triad.tools import weights

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
LEAF = CONFIGS / "rgb/r2plus1d_18_jhmdb.py"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "r2plus1d_18.pth"
    torch.save(r2plus1d_18().state_dict(), path)
    return path


def is_of_encoder(key: str) -> bool:
    return not key.startswith("fc.") and not key.endswith("num_batches_tracked")


def test_published_file_matches(command, published: Path):
    code, out, _ = command("weights.py", "compare", published, "--config", LEAF, "--json")
    (row,) = json.loads(out)
    assert code == 0
    assert (row["stream"], row["option"], row["fits"]) == ("rgb", "streams.rgb.encoder.weights", True)
    assert (row["network"], row["source"]) == ("VideoResNet", "the network's own names")
    assert len(row["matched"]) == len([key for key in r2plus1d_18().state_dict() if is_of_encoder(key)])
    assert {"missing": [], "unexpected": [], "reshaped": {}, "misshapen": {}}.items() <= row.items()


def test_flow_averages_the_first_layer(command, published: Path):
    code, out, _ = command("weights.py", "compare", published, "--config", CONFIGS / "flow/r2plus1d_18_jhmdb.py")
    assert code == 0
    assert "1 averaged over input channels" in out
    assert f"load with   --cfg-options streams.flow_dis.encoder.weights={published}" in out


def test_trained_checkpoint_is_loaded_as_pretrained(command, tmp_path: Path):
    leaf = CONFIGS / "skeleton/stgcnpp_minihome.py"
    torch.save({"state_dict": MODELS.build(build_config(leaf).model).state_dict()}, tmp_path / "epoch_1.pth")
    code, out, _ = command("weights.py", "compare", tmp_path / "epoch_1.pth", "--config", leaf)
    assert code == 0
    assert "key names   names under 'encoders.skeleton.'" in out
    assert "load with   --cfg-options model.pretrained.skeleton=" in out


def test_other_network_would_be_refused(command, published: Path):
    code, out, _ = command("weights.py", "compare", published, "--config", CONFIGS / "skeleton/stgcnpp_minihome.py")
    assert code == 1
    assert "skeleton: weights r2plus1d_18.pth: 0 of" in out
    assert "would be refused" in out


def test_wrong_words_are_refused(command, one_line, published: Path, tmp_path: Path):
    code, _, err = command("weights.py", "compare", published, "--config", LEAF, "--stream", "rbg")
    assert (code, one_line(err)) == (1, "error: stream must be one of rgb, got 'rbg' (did you mean 'rgb'?)")
    (tmp_path / "page.pth").write_text("<html>Not found</html>")
    code, _, err = command("weights.py", "compare", tmp_path / "page.pth", "--config", LEAF)
    assert code == 1
    assert "got a web page instead of the file" in one_line(err)
    assert command("weights.py", "compare", published)[0] == 2


def test_files_go_to_the_streams_that_they_fit(published: Path, tmp_path: Path):
    config = build_config(CONFIGS / "fusion/late_fusion_minihome.py")
    skeleton = MODELS.build(build_config(CONFIGS / "skeleton/stgcnpp_minihome.py").model)
    path = tmp_path / "a=b, c.pth"
    torch.save(skeleton.state_dict(), path)
    (match,) = choose_streams(config, [str(path)])
    assert (match.stream, match.option) == ("skeleton", "model.pretrained.skeleton")
    assert choose_streams(config, [f"skeleton={path}"]) == [match]
    with pytest.raises(InputError, match="--weights of stream 'skeleton' must be one file"):
        choose_streams(config, [str(path), f"skeleton={path}"])
    with pytest.raises(InputError, match=r"r2plus1d_18\.pth' must fit an encoder of the config, got .* tensors match"):
        choose_streams(config, [str(published)])


@pytest.fixture
def one_leaf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Cache of torch.hub that is empty, and the files of one leaf."""
    monkeypatch.setattr("triad.fusion.training.zoo.find_leaves", lambda folder: [LEAF])
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    (tmp_path / "checkpoints").mkdir()
    return tmp_path / "checkpoints"


def test_files_are_listed(command, one_leaf: Path):
    code, out, _ = command("weights.py", "list", "r2plus1d")
    assert code == 0
    assert out.startswith("r2plus1d_18-91a641e6.pth (KINETICS400; BSD-3-Clause; SHA-256 91a641e6…)\n")
    assert out.endswith("for rgb/r2plus1d_18_jhmdb\n")
    code, out, err = command("weights.py", "list", "nothing")
    assert (code, out, err) == (0, "", "no published file has 'nothing' in its name, data or leaves\n")
    rows = json.loads(command("weights.py", "list", "--json")[1])
    assert {row["name"] for row in rows} >= {"raft_small_C_T_V2-01064c6d.pth", "yolox_nano.onnx"}
    assert {row["path"] for row in rows} == {None}


def test_fetched_file_says_what_takes_it(command, one_leaf: Path, monkeypatch):
    monkeypatch.setattr("triad.modalities.weights.downloading.download", lambda file, report: one_leaf / file.name)
    code, out, _ = command("weights.py", "fetch", "rgb/r2plus1d_18_jhmdb", "raft_small_C_T_V2-01064c6d.pth")
    path = one_leaf / "r2plus1d_18-91a641e6.pth"
    assert code == 0
    assert out.splitlines() == [
        f"triad train rgb/r2plus1d_18_jhmdb --cfg-options streams.rgb.encoder.weights={path}",
        f"triad extract OUT --flow raft_small_fast --weights {one_leaf / 'raft_small_C_T_V2-01064c6d.pth'}",
    ]


def test_unknown_file_names_the_nearest(command, one_leaf: Path, one_line):
    code, _, err = command("weights.py", "fetch", "rgb/r2plus1d_18_jhmbd")
    assert code == 1
    assert "did you mean 'rgb/r2plus1d_18_jhmdb'?" in one_line(err)


def test_damaged_file_is_found(command, one_leaf: Path):
    assert command("weights.py", "check")[:2] == (0, "no published file is in torch.hub's cache\n")
    (one_leaf / "r2plus1d_18-91a641e6.pth").write_bytes(b"half of it")
    code, out, _ = command("weights.py", "check")
    assert code == 1
    assert out == "r2plus1d_18-91a641e6.pth: another SHA-256: remove it and fetch it again\n"


def test_progress_of_unknown_length_stays_on_line(capsys: pytest.CaptureFixture[str]) -> None:
    progress = weights.Progress("net.pth")
    for report in ((1_000_000, 0), (2_000_000, 0), (2_000_000, 2_000_000)):
        progress(*report)
    assert capsys.readouterr().err == "\rnet.pth: 1.0 MB\rnet.pth: 2.0 MB\rnet.pth: 2.0 of 2.0 MB\n"

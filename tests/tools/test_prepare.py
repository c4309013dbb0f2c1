"""`prepare` on the command line: one command a dataset, the report, `--check` and `--export`."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import click
import pytest
from jhmdb_files import NAMES, write_jhmdb

from triad.fusion.datasets import DATASETS, get_dataset

ROOT = Path(__file__).resolve().parents[2]
TOOL = "prepare.py"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Three sequences of Florence 3D Actions, one of which is cut off, and one that is there twice."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name, first, frames in (("a01_s1_id1", 0, 3), ("a02_s2_id2", 1, 2), ("a03_s3_id3", 2, 4), ("a04_s3_id4", 0, 3)):
        rows = [f"{first + time} {joint} 2000" for time in range(frames) for joint in range(15)]
        (folder / f"{name}.txt").write_text("\n".join(rows[: 40 if name == "a03_s3_id3" else None]))
    return folder


@pytest.fixture
def florence(command, source, tmp_path) -> Path:
    code, _, err = command(TOOL, "florence3d", source, tmp_path / "out")
    assert code == 0, err
    return tmp_path / "out"


def test_every_dataset_has_a_command(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools")
    tool = runpy.run_path(str(ROOT / "tools" / TOOL))
    group = tool["main"]
    context = click.Context(group)
    assert group.list_commands(context) == sorted(DATASETS)
    for name in DATASETS:
        command = group.get_command(context, name)
        dataset = get_dataset(name)
        assert [parameter.name for parameter in command.params] == [
            *dataset.arguments,
            *(option.name for option in dataset.options),
        ]
        assert command.help.endswith((".", "…"))
        assert DATASETS[name].title in group.get_help(context)


def test_report_is_printed_and_saved(command, source, tmp_path):
    code, out, _ = command(TOOL, "--json", "florence3d", source, tmp_path / "out", "--dtype", "float16")
    document = json.loads(out)
    assert code == 0
    assert json.loads((tmp_path / "out/prepare.json").read_text()) == document
    assert (document["dataset"], document["records"], document["streams"]) == ("florence3d", 3, {"skeleton": 3})
    assert [row["id"] for row in document["dropped"]] == ["a03_s3_id3"]
    assert document["protocols"]["leave_one_out:s1"] == {"train": 1, "val": 1, "test": 1}
    assert len(document["protocols"]) == 10


def test_check_exits_with_one(command, florence):
    before = {path: path.read_bytes() for path in florence.iterdir()}
    code, out, _ = command(TOOL, "--json", "--check", florence)
    document = json.loads(out)
    assert code == 1
    assert list(document)[:2] == ["dataset", "dropped"]
    assert {"records", "protocols", "problems"} < set(document)
    assert [row["id"] for row in document["dropped"]] == ["a03_s3_id3"]
    assert {"id": "a04_s3_id4", "problem": "skeleton: the same as 'a01_s1_id1'"} in document["problems"]
    assert document["leaks"] == {"leave_one_out:s1": 1, "leave_one_out:s3": 1}
    assert {path: path.read_bytes() for path in florence.iterdir()} == before  # it only looks
    code, out, _ = command(TOOL, "--check", florence)
    assert code == 1
    words = " ".join(out.split())
    assert "florence3d: 3 records (skeleton 3)" in words
    assert "dropped: a03_s3_id3: skeleton: " in words
    assert "problems: a04_s3_id4: skeleton: the same as 'a01_s1_id1'" in words
    assert "leave_one_out:s9, leave_one_out:s10: train+val+test has 3 records, published are 215" in words
    assert "leaks: 1 of the 1 that test in leave_one_out:s3 are in its train or val under another id" in words


def test_check_of_sound_dataset(command, tiny):
    code, out, _ = command(TOOL, "--check", tiny)
    assert code == 0
    assert out.rstrip().endswith("no problems")
    code, out, _ = command(TOOL, "--json", "--check", tiny)
    document = json.loads(out)
    assert (code, document["problems"], document["dropped"]) == (0, [], [])
    assert document["protocols"]["cross_subject"] == {"train": 27, "val": 9, "test": 24}


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ((), 2, "name a dataset (see --help), or a folder to --check"),
        (("florence", "a", "b"), 2, "No such command 'florence'"),
        (("florence3d", "a"), 2, "Missing argument 'OUT'"),
        (("ucf101", "a", "b", "--dtype", "float16"), 2, "No such option '--dtype'"),
        (("nucla", "a", "b", "--dtype", "float8"), 2, "'float8' is not one of 'float16', 'float32'"),
        (("nucla", "nowhere", "b"), 1, "error: source must be a folder, got 'nowhere'"),
        (("--check", "nowhere"), 1, "nowhere/index.json', which does not exist"),
    ],
)
def test_exit_codes_of_wrong_calls(command, words, code, message):
    got, _, err = command(TOOL, *words)
    assert got == code
    assert message in err
    assert "Traceback" not in err


def test_invalid_report_and_output(command, florence, source):
    (florence / "prepare.json").write_text("[]")
    code, _, err = command(TOOL, "--check", florence)
    assert code == 1
    assert err == f"error: '{florence}/prepare.json' must be the report of a preparation, got a list; prepare again\n"
    code, _, err = command(TOOL, "florence3d", source, "/proc/x")
    assert code == 1
    assert "error: cannot write '/proc/x/.lock': '/proc/x' cannot be made; choose another folder" in err


def test_export_prints_its_contents(command, florence, tmp_path):
    code, out, err = command(TOOL, "--json", "--export", florence, tmp_path / "export.pkl")
    document = json.loads(out)
    assert (code, document["clips"], document["layout"]) == (0, 3, "florence15"), err
    assert document["splits"]["leave_one_out:s1_test"] == 1
    code, _, err = command(TOOL, "--export", florence, tmp_path / "export")
    assert (code, err.startswith("error: file to export to must end with .pkl")) == (1, True)


@pytest.mark.parametrize("value", [1e25, -3e38])
def test_huge_joints_are_left_out(command, tiny, tmp_path, value):
    source = write_jhmdb(tmp_path / "source", tiny / "videos/left_s01.mp4", value=value)
    code, out, err = command("prepare.py", "--json", "jhmdb", source, tmp_path / "out")
    assert code == 0, err
    (dropped,) = json.loads(out)["dropped"]
    assert dropped["id"] == NAMES[-1]
    assert f"±1e+06 metres or pixels, got {value:g}" in dropped["reason"]
    index = json.loads((tmp_path / "out/index.json").read_text())
    assert [record["id"] for record in index["data_list"] if "skeleton" in record["sources"]] == list(NAMES[:-1])

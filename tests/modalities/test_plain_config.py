"""Configs in YAML and JSON: plain values alone, of limited size, in a moment."""

import json
import time
from pathlib import Path

import pytest

from triad.modalities.checks import InputError
from triad.modalities.plain_config import MAX_DEPTH, read_plain_config

CALL = "!!python/object/apply:builtins.print ['code of a YAML file ran']\n"
LAUGHS = "a0: &a0 [1, 1]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 10)}]}}\n" for i in range(1, 12))


def write(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize("base", ["base.json", "base.yaml"])
def test_bases_are_merged(tmp_path, base):
    write(tmp_path / base, {"model": {"width": 1, "depth": 2}, "seed": 0})
    config = read_plain_config(write(tmp_path / "leaf.json", {"_base_": [base], "model": {"width": 3}}))
    assert config.to_dict() == {"model": {"width": 3, "depth": 2}, "seed": 0}


def test_aliases_are_plain_values(tmp_path):
    config = read_plain_config(write(tmp_path / "a.yaml", "size: &size [4, 4]\nother: *size\n"))
    assert config.other == [4, 4]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.yaml", CALL, "could not determine a constructor .*line 1"),
        ("a.yaml", LAUGHS, "at most 20000 values"),
        ("a.yaml", MERGES, "a merge key '<<' in line 2"),
        ("a.yaml", "a: &a [*a]", "at most 20000 values"),
        ("a.yaml", "a: " + "[" * 100_000, f"more than {MAX_DEPTH} levels"),
        ("a.yaml", "a: 2020-99-01", "month must be"),
        ("a.yaml", "a: 2020-01-01", "be .*text, numbers.*got date|got date"),
        ("a.yaml", "- 1", "must define fields, got list"),
        ("a.yaml", "1: 2", "keys of config"),
        ("a.yaml", "a: " + "x" * 300_000, "at most 262144 bytes"),
        ("a.json", '{"a":' + "[" * 100_000, "levels"),
        ("a.json", '{"a": "{{ fileDirname }}"}', "must hold no templates"),
        ("a.json", '{"custom_imports": {"imports": ["os"]}}', "must import nothing"),
        ("a.json", '{"_base_": "evil.yaml"}', "could not determine a constructor"),
        ("a.json", '{"_base_": "code.py"}', "must be one of .yaml, .yml, .json"),
        ("a.json", '{"_base_": "a.json"}', "at most 20 files"),
        ("a.json", '{"_base_": [1]}', "must be a path or a list of paths"),
        ("a.json", '{"_base_": "\\u0000.json"}', "must be a path or a list of paths"),
        ("a.json", "nothing", "must be plain JSON"),
    ],
)
def test_bad_configs_are_one_line(tmp_path, capsys, name, content, message):
    write(tmp_path / "evil.yaml", CALL)
    write(tmp_path / "code.py", "print('code of a Python file ran')")
    path = write(tmp_path / name, content)
    started = time.process_time()
    with pytest.raises(InputError, match=message) as error:
        read_plain_config(path)
    assert time.process_time() - started < 1
    assert "\n" not in str(error.value)
    assert capsys.readouterr().out == ""

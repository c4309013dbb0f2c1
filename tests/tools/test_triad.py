"""The command ``triad``: every tool is a sub-command, and the help waits for no library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tool_runs import ROOT

from triad import CONFIGS
from triad.__main__ import COMMANDS, triad
from triad.fusion.training.config.loading import find_config
from triad.modalities.checks import InputError


def run_python(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *map(str, words)], cwd=cwd, text=True, capture_output=True)


def test_every_tool_is_a_command():
    with_main = {path.stem for path in (ROOT / "tools").glob("*.py") if "def main(" in path.read_text()}
    assert set(COMMANDS) == with_main


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_have_help(name):
    result = CliRunner().invoke(triad, [name, "--help"], prog_name="triad")
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"Usage: triad {name} ")


def test_help_and_version_import_no_library(tmp_path):
    script = "import sys; sys.argv = ['triad', WORD]\ntry:\n from triad.__main__ import main; main()\nfinally:\n"
    script += " print(sorted({name.partition('.')[0] for name in sys.modules} & {'torch', 'numpy', 'mmengine'}))"
    for word in ("--help", "--version"):
        process = run_python("-c", script.replace("WORD", repr(word)), cwd=tmp_path)
        assert process.stdout.splitlines()[-1] == "[]", process


def test_unknown_command_is_wrong_usage(tmp_path):
    process = run_python("-m", "triad", "trian", cwd=tmp_path)
    assert process.returncode == 2
    assert "No such command 'trian' (did you mean 'train'?)." in process.stderr


def test_tools_of_another_clone_are_refused(tmp_path):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/zoo.py").write_text((ROOT / "tools/zoo.py").read_text())
    process = run_python(tmp_path / "tools/zoo.py", cwd=tmp_path)
    assert process.returncode == 1
    assert f"'{tmp_path}/tools/zoo.py' is not of the installed triad" in process.stderr
    assert len(process.stderr.splitlines()) == 1


def test_configs_are_found_by_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    leaf = CONFIGS / "skeleton/stgcnpp_nucla.py"
    for name in ("skeleton/stgcnpp_nucla", "skeleton/stgcnpp_nucla.py", "configs/skeleton/stgcnpp_nucla.py", leaf):
        assert find_config(name) == leaf
    own = tmp_path / "skeleton"
    own.mkdir()
    (own / "stgcnpp_nucla.py").write_text("model = None")
    assert find_config("skeleton/stgcnpp_nucla.py") == Path("skeleton/stgcnpp_nucla.py")
    with pytest.raises(InputError, match=r"did you mean 'skeleton/stgcnpp_nucla'\?"):
        find_config("skeleton/stgcnp_nucla")

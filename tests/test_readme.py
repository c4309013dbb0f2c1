"""README: what it names exists."""

from __future__ import annotations

import re

import pytest
from tool_runs import ROOT

TEXT = (ROOT / "README.md").read_text("utf-8")
CODE_BLOCKS = re.findall(r"```bash\n(.*?)```", TEXT, re.S)
COMMANDS = [
    (match[1], re.findall(r"(?<!\S)(--[a-z][a-z-]*)", match[2]))
    for block in CODE_BLOCKS
    for match in re.finditer(r"tools/(\w+)\.py((?:\\\n|[^\n;|#])*)", block)
]


def test_sections_stand_once():
    headings = re.findall(r"^#+ .*", re.sub(r"```.*?```", "", TEXT, flags=re.S), re.M)
    assert len(headings) > 10
    assert [heading for heading in headings if headings.count(heading) > 1] == []


def test_configs_exist():
    paths = set(re.findall(r"configs/[\w/]+\.py", TEXT))
    assert len(paths) > 10
    assert [path for path in sorted(paths) if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("name", sorted({name for name, _ in COMMANDS}))
def test_options_of_command_exist(name):
    """An option stands in the code as ``"--fit`` or ``/--no-amp``, one of a dataset in ``prepare`` as ``"classes"``."""
    sources = [ROOT / f"tools/{name}.py", ROOT / "tools/cli.py", *(ROOT / "tools").glob(f"{name}_*.py")]
    forms = ['"{}', "/{}"]
    if name == "prepare":
        sources += (ROOT / "fusion/datasets").rglob("*.py")
        forms.append('PrepareOption("{}"')
    code = re.sub(r"PrepareOption\(\s*", "PrepareOption(", "\n".join(path.read_text("utf-8") for path in sources))
    named = sorted({option for command, options in COMMANDS if command == name for option in options})
    unknown = [
        option
        for option in named
        if not any(form.format(option.removeprefix("--") if "Prepare" in form else option) in code for form in forms)
    ]
    assert unknown == []

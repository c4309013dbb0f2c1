"""README: what it names exists."""

from __future__ import annotations

import re

import pytest
from click import Context, Group
from tool_runs import ROOT

from triad.__main__ import triad

TEXT = (ROOT / "README.md").read_text("utf-8")
CODE_BLOCKS = re.findall(r"```bash\n(.*?)```", TEXT, re.S)
COMMANDS = [
    match[0].replace("\\\n", " ").split()[1:]
    for block in CODE_BLOCKS
    for match in re.finditer(r"(?<![\w/.-])triad [a-z]+(?:\\\n|[^\n;|#)])*", block)
]


def test_sections_stand_once():
    headings = re.findall(r"^#+ .*", re.sub(r"```.*?```", "", TEXT, flags=re.S), re.M)
    assert len(headings) > 10
    assert [heading for heading in headings if headings.count(heading) > 1] == []


def test_configs_exist():
    paths = set(re.findall(r"configs/[\w/]+\.py", TEXT))
    assert len(paths) > 10
    assert [path for path in sorted(paths) if not (ROOT / path).is_file()] == []


def test_commands_are_found():
    assert len(COMMANDS) > 40
    assert len({name for name, *_ in COMMANDS}) > 10


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_options_of_command_exist(words):
    """A dataset of ``prepare`` and a subject of ``evaluate`` are commands of their own."""
    command = triad.get_command(Context(triad), words[0])
    options = option_names(command)
    subject = next((word for word in words[1:] if not word.startswith("-")), "")
    if isinstance(command, Group) and not options & {word for word in words if word.startswith("--")}:
        options |= option_names(command.get_command(Context(command), subject))
    assert [word for word in words if re.fullmatch(r"--[a-z][a-z_-]*", word) and word not in options] == []


def option_names(command):
    return {name for option in command.params for name in (*option.opts, *option.secondary_opts)}

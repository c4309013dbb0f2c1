"""weights list|fetch|check: published weights files; weights compare FILE: what a config would load of one."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triad import CONFIGS
from triad.tools import cli

if TYPE_CHECKING:
    from triad.fusion.training.weights_files import WeightsFile

SHOWN = 5  # keys of a kind


@click.group()
def main() -> None:
    """List, fetch and check published weights files; compare a file with the networks of a config."""


@main.command(cls=cli.VariadicOptions)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--config", required=True, type=click.Path(path_type=Path), help="Leaf config of the model.")
@click.option("--stream", "streams", multiple=True, metavar="NAME", help="Only this stream of a model with several.")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
@cli.json_option
def compare(file: Path, config: Path, streams: tuple[str, ...], options: tuple[str, ...], as_json: bool) -> int:
    """Compare FILE with the encoders of a config, tensor by tensor, without loading it.

    FILE is a state dict of torch or safetensors, from torchvision, timm, mmaction2, pyskl, a network's authors or
    training here. The output names whose key names the file has, what matches, and the option that loads it. Exit code
    1: some encoder would refuse the file.
    """
    from triad.fusion.training.config import build_config
    from triad.fusion.training.weights_match import match_streams

    matches = match_streams(build_config(config, options=options), file, streams)
    if as_json:
        cli.print_json([match.to_json() for match in matches])
    else:
        for match in matches:
            report = match.report
            cli.echo(f"{match.stream}: {report}")
            cli.echo(f"  network     {report.network}")
            cli.echo(f"  key names   {report.source}")
            show("missing", report.missing)
            show("unexpected", report.unexpected)
            show("reshaped", report.reshaped)
            show("other shape", report.misshapen)
            show("left out", report.left_out)
            cli.echo(f"  load with   --cfg-options {match.option}={file}" if report.complete else "  would be refused")
    return 0 if all(match.report.complete for match in matches) else 1


@main.command("list")
@click.argument("text", default="")
@cli.json_option
def list_files(text: str, as_json: bool) -> None:
    """Print every published file, or those in whose name, data or leaves TEXT stands: what for, license, address."""
    files = [file for file in all_files().values() if text.lower() in json.dumps(file.to_json()).lower()]
    if as_json:
        cli.print_json([file.to_json() for file in files])
        return
    if not files:
        cli.echo(f"no published file has '{text}' in its name, data or leaves", err=True)
    for file in files:
        published = file.file
        digits = f"SHA-256 {published.sha256[:8]}…" if published.sha256 else "SHA-256 unknown"
        location = f", in {published.cached}" if published.cached.exists() else ""
        cli.echo(f"{published.name} ({published.data}; {published.license}; {digits}{location})")
        cli.echo(f"    {published.url}\n    for {', '.join(file.leaves) or file.commands[0].format(path='FILE')}")


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def fetch(names: tuple[str, ...]) -> None:
    """Download files by their names, or those of leaf configs, into torch.hub's cache, and print what takes them.

    A download that broke off is continued. The SHA-256 is checked as far as its digits are published.
    """
    from triad.modalities.checks import did_you_mean, fail
    from triad.modalities.weights.downloading import download

    files = all_files()
    leaves = {leaf for file in files.values() for leaf in file.leaves}
    for name in names:
        if name not in {*files, *leaves}:
            near = did_you_mean(name, {*files, *leaves})
            fail(
                "name", "be that of a published file or of a leaf with one", f"'{name}'{near}", "see triad weights list"
            )
        for file in files.values():
            if name not in (file.file.name, *file.leaves):
                continue
            path = download(file.file, report=Progress(file.file.name) if sys.stderr.isatty() else None)
            for command in file.commands:
                if name not in leaves or f" {name} " in command:
                    cli.echo(command.format(path=path))


@main.command()
@cli.json_option
def check(as_json: bool) -> int:
    """Compare the SHA-256 of every published file in torch.hub's cache; exit code 1 if one differs."""
    from triad.modalities.weights.downloading import is_intact

    states = {}
    for name, file in all_files().items():
        if not file.file.is_package and file.file.cached.exists():
            intact = "ok" if is_intact(file.file) else "another SHA-256: remove it and fetch it again"
            states[name] = intact if file.file.sha256 else "no SHA-256 is published"
    if as_json:
        cli.print_json(states)
    else:
        for name, state in states.items():
            cli.echo(f"{name}: {state}")
        if not states:
            cli.echo("no published file is in torch.hub's cache")
    return int(any(state.startswith("another") for state in states.values()))


def all_files() -> dict[str, WeightsFile]:
    """Return the published files of all leaf configs and estimators."""
    from triad.fusion.training.weights_files import find_weights_files
    from triad.fusion.training.zoo import find_leaves

    return find_weights_files(CONFIGS, find_leaves(CONFIGS))


class Progress:
    """Line on the terminal that says how much of a file is there.

    Args:
        name: name of the file.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, num_bytes: int, total: int) -> None:
        end = "\n" if num_bytes == total else ""
        whole = f" of {total / 1e6:.1f}" if total else ""
        print(f"\r{self.name}: {num_bytes / 1e6:.1f}{whole} MB", end=end, file=sys.stderr, flush=True)


def show(name: str, keys: Sequence[str] | Mapping[str, str]) -> None:
    """Print the first keys of a kind, with what is said of each."""
    for number, key in enumerate(list(keys)[:SHOWN]):
        note = f": {keys[key]}" if isinstance(keys, Mapping) else ""
        cli.echo(f"  {name if number == 0 else '':12}{key}{note}")
    if len(keys) > SHOWN:
        cli.echo(f"  {'':12}… {len(keys) - SHOWN} more")


if __name__ == "__main__":
    cli.run(main)

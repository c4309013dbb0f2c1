"""weights FILE --config LEAF: what of a weights file the encoders of a config would load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from triad.tools import cli

SHOWN = 5  # keys of a kind


@click.command(cls=cli.VariadicOptions)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--config", required=True, type=click.Path(path_type=Path), help="Leaf config of the model.")
@click.option("--stream", "streams", multiple=True, metavar="NAME", help="Only this stream of a model with several.")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
@cli.json_option
def main(file: Path, config: Path, streams: tuple[str, ...], options: tuple[str, ...], as_json: bool) -> int:
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


def show(name: str, keys: Sequence[str] | Mapping[str, str]) -> None:
    """Print the first keys of a kind, with what is said of each."""
    for number, key in enumerate(list(keys)[:SHOWN]):
        note = f": {keys[key]}" if isinstance(keys, Mapping) else ""
        cli.echo(f"  {name if number == 0 else '':12}{key}{note}")
    if len(keys) > SHOWN:
        cli.echo(f"  {'':12}… {len(keys) - SHOWN} more")


if __name__ == "__main__":
    cli.run(main)

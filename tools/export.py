"""export CONFIG CHECKPOINT OUT.onnx: a trained model as one file for onnxruntime."""

from __future__ import annotations

from pathlib import Path

import click

from triad.tools import cli


@click.command(cls=cli.VariadicOptions)
@click.argument("config", type=click.Path(path_type=Path))
@click.argument("checkpoint", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--stream", metavar="NAME", help="Export only this stream of a model with several.")
@cli.last_option
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
@cli.json_option
def main(
    config: Path,
    checkpoint: Path,
    out: Path,
    stream: str | None,
    last: bool,
    options: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write a trained model of CONFIG as an ONNX file.

    CHECKPOINT is a file, or a work folder, of which the checkpoint that validation chose is taken. The ONNX file holds
    the network and its pre-processing (size, normalisation, preparation of joints). Its metadata "triad" describes the
    input. The file is written only if onnxruntime gives the same scores as torch.
    """
    from triad.fusion.inference.loaded_model import load_for_inference
    from triad.fusion.inference.onnx_export import export
    from triad.fusion.training.checkpoints import checkpoint_of

    document = export(load_for_inference(checkpoint_of(checkpoint, last=last), config, options), out, stream=stream)
    if as_json:
        cli.print_json(document)
        return
    cli.echo(f"{out}: {out.stat().st_size / 1e6:.1f} MB, {len(document['classes'])} classes")
    for row in document["inputs"]:
        cli.echo(f"  {row['name']:24}{row['dtype']:9}{' × '.join(map(str, row['shape']))}")
    for row in document["outputs"]:
        cli.echo(f"  -> {row['name']:21}{'float32':9}{' × '.join(map(str, row['shape']))}")
    cli.echo(f"largest difference from torch's scores on random input: {document['difference']:.1g}")


if __name__ == "__main__":
    cli.run(main)

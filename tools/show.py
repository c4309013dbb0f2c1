"""show OUT ID: one sample, all its streams on one clock, as a picture or a video."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

import cli


@click.command(cls=cli.VariadicOptions)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("name", metavar="ID")
@click.option("--count", default=6, show_default=True, type=click.IntRange(1, 24), help="Columns: times in the sample.")
@click.option("--out", "picture", type=click.Path(path_type=Path), help="PNG  [default: work_dirs/show/ID.png]")
@click.option("--video", type=click.Path(path_type=Path), help="Instead of a picture: every frame, as MP4.")
@click.option("--config", type=click.Path(path_type=Path), help="With --checkpoint: also why this model says so.")
@click.option("--checkpoint", type=click.Path(path_type=Path), help="A file, or the last one of a work folder.")
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
def main(
    out: Path,
    name: str,
    count: int,
    picture: Path | None,
    video: Path | None,
    config: Path | None,
    checkpoint: Path | None,
    options: tuple[str, ...],
) -> None:
    """Draw sample ID of the prepared dataset OUT: frames, flow, skeleton, and what a model makes of them.

    With --video, every frame beside its flow as colours and its skeletons. With a model: which joints at which times
    its skeleton streams go by (occlusion, gradient times input), the graph or attention over joints that they hold,
    and where attention over the frames looks.
    """
    from fusion.index import load_index
    from fusion.rendering import open_explainer, render_sample, render_video, to_png
    from modalities.atomic_files import atomic_write
    from modalities.checks import fail

    if (config is None) != (checkpoint is None):
        raise click.UsageError("--config and --checkpoint go together")
    index = load_index(out)
    if video is not None:
        if picture is not None or config is not None:
            raise click.UsageError("--video takes neither --out nor a model")
        render_video(index, name, video, track=partial(cli.progress, label="drawing"))
        click.echo(video)
        return
    index.record(name)  # a misspelt one is told before a model is loaded
    look = None
    if config is not None and checkpoint is not None:
        look = open_explainer(config, checkpoint, out, options)(name)
        if not look:
            fail(f"sample '{name}'", "have a stream that the model can be asked about", "none", "leave out --config")
    png = to_png(render_sample(index, name, count=count, look=look))
    picture = picture or Path("work_dirs/show") / f"{name}.png"
    with atomic_write(picture) as temporary:
        temporary.write_bytes(png)
    click.echo(picture)


if __name__ == "__main__":
    cli.run(main)

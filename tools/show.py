"""show OUT ID: picture or video of one sample, all its streams on one clock."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

import cli


@click.command(cls=cli.VariadicOptions)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("name", metavar="ID")
@click.option(
    "--count", default=6, show_default=True, type=click.IntRange(1, 24), help="Number of columns, which are times."
)
@click.option(
    "--out", "picture", type=click.Path(path_type=Path), help="Path of the PNG  [default: work_dirs/show/ID.png]"
)
@click.option("--video", type=click.Path(path_type=Path), help="Write an MP4 of every frame instead of a picture.")
@click.option(
    "--config", type=click.Path(path_type=Path), help="With --checkpoint: also explain the prediction of this model."
)
@click.option(
    "--checkpoint", type=click.Path(path_type=Path), help="Checkpoint, or work folder, whose last checkpoint is taken."
)
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
    """Draw sample ID of the prepared dataset OUT: a row per stream, a column per time.

    With --video, every frame with all streams side by side. With --config and --checkpoint, also an explanation of the
    model's prediction: the relevance of joints (gradient times input, occlusion), the graph or attention over joints
    of skeleton networks, and the attention over frames.
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
        render_video(index, name, video, progress=partial(cli.progress, label="drawing"))
        click.echo(video)
        return
    index.record(name)  # a misspelt id fails before a model is loaded
    explanation = None
    if config is not None and checkpoint is not None:
        explanation = open_explainer(config, checkpoint, out, options)(name)
        if not explanation:
            fail(f"sample '{name}'", "have a stream that can be explained", "none", "leave out --config")
    png = to_png(render_sample(index, name, num_columns=count, explanation=explanation))
    picture = picture or Path("work_dirs/show") / f"{name}.png"
    with atomic_write(picture) as temporary:
        temporary.write_bytes(png)
    click.echo(picture)


if __name__ == "__main__":
    cli.run(main)

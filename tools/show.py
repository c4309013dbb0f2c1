"""show OUT ID: picture or video of one sample, all its streams on one clock."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from triad.tools import cli


@click.command(cls=cli.VariadicOptions)
@click.argument("out", required=False, type=click.Path(path_type=Path))
@click.argument("name", required=False, metavar="ID")
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
    "--checkpoint", type=click.Path(path_type=Path), help="Checkpoint, or work folder, whose best checkpoint is taken."
)
@cli.last_option
@click.option("--maps", type=click.Path(path_type=Path), help="Also write the model's attention maps, .npz.")
@click.option(
    "--export-openpose",
    "openpose",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write the joints as OpenPose's JSON, a file a frame, instead of a picture.",
)
@click.option(
    "--filters",
    nargs=2,
    type=click.Path(path_type=Path),
    metavar="CONFIG|CHECKPOINT PNG",
    help="Draw the first filters of a video network as clips instead of a sample.",
)
@click.option(
    "--timeline",
    type=click.Path(path_type=Path),
    help="Draw the annotated and detected actions of video OUT of this timeline.json instead of a sample.",
)
@click.option("--cfg-options", "options", multiple=True, metavar="KEY=VALUE", help="Change a field of the config.")
def main(
    out: Path | None,
    name: str | None,
    count: int,
    picture: Path | None,
    video: Path | None,
    config: Path | None,
    checkpoint: Path | None,
    last: bool,
    maps: Path | None,
    openpose: Path | None,
    filters: tuple[Path, Path] | None,
    timeline: Path | None,
    options: tuple[str, ...],
) -> None:
    """Draw sample ID of the prepared dataset OUT: a row per stream, a column per time.

    With --video, every frame with all streams side by side. With --config and --checkpoint, also an explanation of the
    model's prediction: the weights of its fusion modules and joint head over places, times, joints, parts and streams,
    the relevance of joints (gradient times input, occlusion), and the graph or attention over joints of skeleton
    networks. --maps also writes these weights with their axes, names and times.

    With --filters, the first convolution of a video network: a row of times for every filter, kernels of RGB in colour
    around grey, kernels of flow as hues. A config shows the weights that it starts from.

    With --timeline, `triad show VIDEO --timeline timeline.json`: a row a class, what is annotated above what is
    detected, as evaluate localization wrote it.
    """
    if timeline is not None:
        if out is None or name is not None or config or checkpoint or filters or openpose or video:
            raise click.UsageError("--timeline takes the name of a video, and --out")
        draw_timeline(timeline, str(out), picture)
        return
    if filters is not None:
        if out is not None:
            raise click.UsageError("--filters takes no sample")
        draw_filters(*filters, options, last=last)
        return
    if out is None or name is None:
        raise click.UsageError("name a prepared dataset OUT and a sample ID, or --filters")
    from triad.fusion.index import load_index
    from triad.fusion.rendering import open_explainer, render_sample, render_video, to_png, write_attention
    from triad.fusion.training.checkpoints import checkpoint_of
    from triad.modalities.atomic_files import atomic_write
    from triad.modalities.checks import fail
    from triad.modalities.file_names import join_name

    if (config is None) != (checkpoint is None):
        raise click.UsageError("--config and --checkpoint go together")
    if maps is not None and config is None:
        raise click.UsageError("--maps needs --config and --checkpoint")
    if maps is not None and maps.suffix != ".npz":
        raise click.UsageError(f"--maps must end in .npz, got {maps.name}")
    index = load_index(out)
    if openpose is not None:
        from triad.fusion.datasets.openpose_export import export_openpose

        if picture is not None or video is not None or config is not None:
            raise click.UsageError("--export-openpose takes neither --out, --video nor a model")
        written = export_openpose(index, name, openpose)
        cli.echo(f"{openpose}: stream {written['stream']}, layout {written['layout']}")
        return
    if video is not None:
        if picture is not None or config is not None:
            raise click.UsageError("--video takes neither --out nor a model")
        render_video(index, name, video, progress=partial(cli.progress, label="drawing"))
        cli.echo(video)
        return
    index.record(name)  # a misspelt id fails before a model is loaded
    explanation = None
    if config is not None and checkpoint is not None:
        explanation = open_explainer(config, checkpoint_of(checkpoint, last=last), out, options)(name)
        if not explanation:
            fail(f"sample '{name}'", "have a stream that can be explained", "none", "leave out --config")
        if maps is not None:
            write_attention(explanation, name, maps)
    png = to_png(render_sample(index, name, num_columns=count, explanation=explanation))
    picture = picture or join_name(Path("work_dirs/show"), name, ".png")
    with atomic_write(picture) as temporary:
        temporary.write_bytes(png)
    cli.echo(picture)
    if maps is not None:
        cli.echo(maps)


def draw_timeline(timeline: Path, video: str, picture: Path | None) -> None:
    """Write the picture of the actions of a video."""
    from triad.fusion.rendering import to_png
    from triad.fusion.rendering.localization_timeline import draw_localization, load_timeline
    from triad.modalities.atomic_files import atomic_write
    from triad.modalities.file_names import join_name

    png = to_png(draw_localization(video, load_timeline(timeline, video)))
    picture = picture or join_name(Path("work_dirs/show"), video, ".png")
    with atomic_write(picture) as temporary:
        temporary.write_bytes(png)
    cli.echo(picture)


def draw_filters(model: Path, picture: Path, options: tuple[str, ...], *, last: bool) -> None:
    """Write the first filters of every stream; of several streams each file name ends in the stream."""
    from PIL import Image

    from triad.fusion.rendering import to_png
    from triad.fusion.rendering.filters import find_first_kernels, render_filters
    from triad.fusion.training.checkpoints import checkpoint_of
    from triad.fusion.training.config import build_config
    from triad.modalities.atomic_files import atomic_write
    from triad.modalities.registry import MODELS
    from triad.modalities.weights import read_state_dict

    if model.suffix == ".py":
        weights = MODELS.build(build_config(model, options=options).model).state_dict()
    else:
        weights = read_state_dict(checkpoint_of(model, last=last), subject="checkpoint", cure="train the config first")
    kernels = find_first_kernels(weights)
    for stream, kernel in kernels.items():
        path = picture if len(kernels) == 1 else picture.with_stem(f"{picture.stem}_{stream}")
        with atomic_write(path) as temporary:
            temporary.write_bytes(to_png(Image.fromarray(render_filters(kernel))))
        cli.echo(path)


if __name__ == "__main__":
    cli.run(main)

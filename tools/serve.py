"""serve --checkpoint K: trained models as an HTTP service."""

from __future__ import annotations

import click

from triad.tools import cli

MAX_CONNECTIONS = 128
"""Connections and waiting requests at once; those beyond get status 503."""


@click.command(cls=cli.VariadicOptions)
@cli.checkpoints_option()
@cli.last_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is every network.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--window", type=float, help="Length of a window in seconds  [default: that of the training clips]")
@click.option("--stride", type=float, help="Seconds from one window to the next  [default: half a window]")
@click.option(
    "--fps", type=click.FloatRange(0, min_open=True), help="Frames per second of pushed frames  [default: 30]"
)
@click.option("--max-megabytes", type=click.IntRange(1), default=500, show_default=True, help="Largest recording.")
@click.option("--device", help="cpu, cuda, cuda:1  [default: a GPU if there is one]")
def main(
    checkpoints: tuple[str, ...],
    last: bool,
    host: str,
    port: int,
    window: float | None,
    stride: float | None,
    fps: float | None,
    max_megabytes: int,
    device: str | None,
) -> None:
    """Answer HTTP requests with the labels of recordings and camera frames, until Ctrl-C.

    POST /predict?name=clip.mp4 takes a recording, POST /streams/NAME/frames one JPEG or PNG of a camera. There is no
    login and no encryption: put a web server in front before others may reach it.
    """
    from triad.modalities.checks import fail

    try:
        import uvicorn

        from triad.fusion.inference.service import build_service
    except ModuleNotFoundError as error:
        if error.name not in ("fastapi", "uvicorn"):
            raise
        fail("serve", "find the packages fastapi and uvicorn", "none", "pip install 'triad[serve]'")
    from triad.fusion.inference import load

    cli.return_memory()
    predictor = load(*checkpoints, last=last, window=window, stride=stride, fps=fps, device=device)
    service = build_service(predictor, max_bytes=max_megabytes * 10**6)
    uvicorn.run(service, host=host, port=port, log_level="info", limit_concurrency=MAX_CONNECTIONS)


if __name__ == "__main__":
    cli.run(main)

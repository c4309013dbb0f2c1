"""The command ``triad``, whose sub-commands are the modules of ``tools``."""

from __future__ import annotations

import sys
from importlib import import_module

import click

COMMANDS = {
    "prepare": "Turn a dataset as downloaded, or your own clips, into index.json.",
    "extract": "Compute optical flow, poses and objects of every clip; each video is decoded once.",
    "train": "Train the model of a config.",
    "test": "Test a checkpoint and write its predictions.",
    "fuse": "Fuse predictions; what is learned is learned on validation predictions.",
    "ablate": "Compare every subset of streams under every fusion, with a report.",
    "predict": "Label videos, skeleton recordings or a camera.",
    "serve": "Answer HTTP requests with the labels of recordings and camera frames.",
    "show": "Draw one sample, all streams on one clock.",
    "aggregate": "Join the predictions of folds, splits or seeds.",
    "compare": "Train the models of several configs on one dataset and compare them.",
    "evaluate": "Judge estimators of flow, poses, lifted joints and storage against ground truth.",
    "lift": "Lift estimated 2D joints to 3D.",
    "trajectories": "Classify by dense trajectories and a linear SVM.",
    "export": "Write a model as ONNX.",
    "weights": "List, fetch and check published weights; compare a file with a config.",
    "zoo": "List every config with its parameters, cost and published figures.",
    "study": "Compare the streams of your own clips: all steps from clips to a report.",
    "bench": "Measure speed against reference implementations.",
    "doctor": "Check every dependency and print the command that repairs it.",
}
"""First line of the help of each command, told without importing it."""


class LazyGroup(click.Group):
    """Group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        if cmd_name not in COMMANDS:
            from triad.modalities.checks import did_you_mean

            ctx.fail(f"No such command '{cmd_name}'{did_you_mean(cmd_name, COMMANDS)}.")
        command: click.Command = import_module(f"triad.tools.{cmd_name}").main
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="triad")
def triad() -> None:
    """Recognise daily-living actions from RGB, optical flow and 3D skeletons."""


def main() -> None:
    """Run the command line; without a word it prints the help."""
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help", "--version"):  # in a tenth of a second
        triad()
    from triad.tools import cli

    cli.run(triad)


if __name__ == "__main__":
    main()

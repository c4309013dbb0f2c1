"""Hook that draws loss and validation over the epochs into the work folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner

from triad.modalities.atomic_files import atomic_write
from triad.modalities.registry import HOOKS

FILE_NAME = "learning_curves.png"
LOSS_COLOR = "#8a8d91"
VALIDATION_COLORS = ("#1f5a70", "#c2571a", "#5a7d2b", "#7a4a8c")


@HOOKS.register_module()
class LearningCurvesHook(Hook):
    """Writes ``learning_curves.png`` when a training ends; one that was resumed is drawn from its first epoch."""

    priority = "LOWEST"

    def after_train(self, runner: Runner) -> None:
        if is_main_process():
            write_curves(runner, Path(runner.work_dir) / FILE_NAME)


def write_curves(runner: Runner, path: Path) -> None:
    """Draw the mean loss of each epoch and every measure of validation between 0 and 1.

    Args:
        runner: runner after its training.
        path: path of the picture.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # takes half a second
    from matplotlib.figure import Figure

    histories = {name: np.asarray(history.data[0], float) for name, history in runner.message_hub.log_scalars.items()}
    figure = Figure(figsize=(8, 4.5), dpi=120, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss")
    axes.spines["top"].set_visible(False)
    losses = histories.get("train/loss", np.zeros(0))
    per_epoch = max(len(runner.train_dataloader), 1)
    means = [losses[start : start + per_epoch].mean() for start in range(0, len(losses), per_epoch)]
    if means:
        marker = "." if len(means) == 1 else ""
        axes.plot(range(1, len(means) + 1), means, color=LOSS_COLOR, label="training loss", marker=marker)
        axes.legend(loc="lower left", frameon=False)
    measures = {name: values for name, values in histories.items() if _is_share(name, values)}
    if measures:
        _draw_measures(axes.twinx(), measures, int(getattr(runner.train_loop, "val_interval", 1)))
    if not means and not measures:  # of a fitted head, which has no epochs
        return
    with atomic_write(path) as temporary:
        figure.savefig(temporary, format="png")


def _is_share(name: str, values: np.ndarray) -> bool:
    is_time = name.removeprefix("val/") in ("time", "data_time")
    return name.startswith("val/") and not is_time and len(values) > 0 and 0 <= values.min() <= values.max() <= 1


def _draw_measures(axes: Any, measures: dict[str, np.ndarray], interval: int) -> None:
    for color, (name, values) in zip(VALIDATION_COLORS, sorted(measures.items()), strict=False):
        epochs = interval * np.arange(1, len(values) + 1)
        axes.plot(epochs, values, color=color, marker="o", markersize=3, label=f"validation {name[4:]}")
    axes.set_ylim(0, 1)
    axes.set_ylabel("validation")
    axes.spines["top"].set_visible(False)
    axes.legend(loc="lower right", frameon=False)

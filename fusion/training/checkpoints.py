"""Checkpoint files: finding, reading and checking them without running code from them."""

from __future__ import annotations

import logging
import re
from pathlib import Path, PureWindowsPath
from typing import Any

from mmengine.model import is_model_wrapper
from torch import nn

from triad.fusion.training.config.layouts import check_trained_layouts
from triad.fusion.training.last_checkpoint import find_last_checkpoint, number_in
from triad.modalities.checks import check_file, fail, shorten
from triad.modalities.safe_load import read_tensors
from triad.modalities.state_dict import check_state_dict

TRAIN = "train the config first (triad train)"
_logger = logging.getLogger(__name__)


def checkpoint_of(path: str | Path, *, last: bool = False) -> Path:
    """Return a checkpoint file, or the best one of a work folder, which validation chose.

    Of a folder one line is logged: which file, and why.

    Args:
        path: path of a file or of a work folder.
        last: whether to take the last checkpoint of a folder; without validation it is taken anyway.

    Raises:
        InputError: If there is none, or validation chose by several measures.
    """
    path = Path(path)
    if not path.is_dir():
        return check_file("checkpoint", path, TRAIN)
    best = [] if last else _best_checkpoints(path)
    measures = {_measure_of(file) for file in best}
    if len(measures) > 1:
        names = ", ".join(file.name for file in best)
        fail(f"best checkpoint of '{path}'", "be of one measure", names, "name one of these files, or --last")
    if best:
        chosen = max(best, key=lambda file: number_in(file))
        score = _runtime_info(read_checkpoint(chosen)).get("best_score")
        value = f" ({_measure_of(chosen)} {score:.3f})" if isinstance(score, float) else ""
        _logger.info("checkpoint '%s': the best on validation%s; --last takes the last one", chosen, value)
        return chosen
    newest = _last_checkpoint(path)
    reason = "the last one" if last else "the last one, for validation has chosen none"
    _logger.info("checkpoint '%s': %s", newest, reason)
    return newest


def _last_checkpoint(folder: Path) -> Path:
    last_path = find_last_checkpoint(folder)
    if last_path is None:
        names = shorten(sorted(path.name for path in folder.iterdir())) or "nothing"
        fail(f"folder '{folder}'", "be the work folder of a training, with last_checkpoint", names, TRAIN)
    return last_path


def _best_checkpoints(folder: Path) -> list[Path]:
    """Return the files that validation chose; those that an earlier training left in the folder do not count.

    The last checkpoint names the best one that was known when it was written; a better one is newer than itself.
    """
    files = sorted(folder.glob("best_*.pth"))
    last = find_last_checkpoint(folder) if files else None
    if last is None:
        return files
    newest = read_checkpoint(last)
    info = _runtime_info(newest)
    named = {PureWindowsPath(str(value)).name for key, value in info.items() if key.startswith("best_ckpt")}
    return [file for file in files if file.name in named or time_of(read_checkpoint(file)) >= time_of(newest)]


def _runtime_info(checkpoint: dict[str, Any]) -> dict[str, Any]:
    hub = checkpoint.get("message_hub")
    info = hub.get("runtime_info") if isinstance(hub, dict) else None
    return info if isinstance(info, dict) else {}


def time_of(checkpoint: dict[str, Any]) -> str:
    """Return the time at which a checkpoint was written, as text that sorts in the order of time."""
    meta = checkpoint.get("meta")
    return str(meta.get("time", "")) if isinstance(meta, dict) else ""


def _measure_of(file: Path) -> str:
    """Return the measure in the name of a best checkpoint: ``top1`` of ``best_top1_epoch_3.pth``."""
    return re.sub(r"^best_|_(epoch|iter)_\d+$", "", file.stem)


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """Read a checkpoint to the CPU.

    Raises:
        InputError: If the file is missing, damaged, or no checkpoint of this project.
    """
    cure = "give a file that triad train wrote, or train again"
    checkpoint = read_tensors(path, subject="checkpoint", cure=cure)
    if not isinstance(checkpoint, dict) or "state_dict" not in checkpoint:
        fail(f"checkpoint '{path}'", "hold a 'state_dict'", "none", cure)
    for key in ("state_dict", "meta", "message_hub"):
        if key in checkpoint and not isinstance(checkpoint[key], dict):
            fail(f"'{key}' of checkpoint '{path}'", "be a dictionary", type(checkpoint[key]).__name__, cure)
    return checkpoint


def check_weights(model: nn.Module, path: str | Path) -> None:
    """Refuse a checkpoint of another model: mmengine would load what fits and say little about the rest.

    Raises:
        InputError: naming the layouts, where the checkpoint was trained on another one, or the first weight that is
            missing, unexpected, or of another shape.
    """
    checkpoint = read_checkpoint(path)
    inner_model = unwrap(model)
    check_trained_layouts(inner_model, checkpoint.get("meta") or {}, path)
    cure = "give the config and the --cfg-options that it was trained with"
    check_state_dict(inner_model.state_dict(), checkpoint["state_dict"], subject=f"checkpoint '{path}'", cure=cure)


def unwrap(model: Any) -> nn.Module:
    """Return the model inside a wrapper for distributed training."""
    return model.module if is_model_wrapper(model) else model

"""Checkpoint files: finding, reading and checking them without running code from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmengine.model import is_model_wrapper
from torch import nn

from fusion.training.config.layouts import check_trained_layouts
from modalities.checks import check_file, fail
from modalities.safe_load import read_tensors
from modalities.state_dict import check_state_dict


def checkpoint_of(path: str | Path) -> Path:
    """Return a checkpoint file, or the last one of a work folder.

    Raises:
        InputError: If there is none.
    """
    path = Path(path)
    if path.is_dir():
        pointer = check_file("last checkpoint", path / "last_checkpoint", "train the config first")
        path = path / Path(pointer.read_text().strip()).name
    return check_file("checkpoint", path, "train the config first (python tools/train.py)")


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """Read a checkpoint to the CPU.

    Raises:
        InputError: If the file is missing, damaged, or no checkpoint of this project.
    """
    cure = "give a file that tools/train.py wrote, or train again"
    checkpoint = read_tensors(path, subject="checkpoint", cure=cure)
    if not isinstance(checkpoint, dict) or "state_dict" not in checkpoint:
        fail(f"checkpoint '{path}'", "hold a 'state_dict'", "none", cure)
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

"""Recognition of daily-living actions from RGB, optical flow and 3D skeletons.

``modalities`` turns files into feature maps, ``fusion`` feature maps into decisions; both stand beside this folder in a
clone, as do ``configs`` and ``tools``, the commands. The names below are the public face; each is imported when it is
first used.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triad.fusion.datasets.preparation import prepare
    from triad.fusion.inference import FrameStream, Predictor, VideoPrediction, WindowPrediction, load
    from triad.fusion.predictions import Predictions
    from triad.fusion.training.config.build_config import build_config
    from triad.fusion.training.runner import build_runner
    from triad.modalities.checks import InputError
    from triad.modalities.live import ExternalInputs
    from triad.modalities.skeleton import Poses

_FOLDER = Path(__file__).parent
if not (_FOLDER / "fusion").is_dir():  # a copy of a clone that lost its links, as Windows makes it
    _FOLDER = _FOLDER.parent
    __path__.append(str(_FOLDER))

CONFIGS = _FOLDER / "configs"
"""Folder of the shipped configs."""

_MODULES = {
    "load": "triad.fusion.inference",
    "prepare": "triad.fusion.datasets.preparation",
    "Predictor": "triad.fusion.inference",
    "FrameStream": "triad.fusion.inference",
    "VideoPrediction": "triad.fusion.inference",
    "WindowPrediction": "triad.fusion.inference",
    "ExternalInputs": "triad.modalities.live",
    "Poses": "triad.modalities.skeleton",
    "Predictions": "triad.fusion.predictions",
    "build_config": "triad.fusion.training.config.build_config",
    "build_runner": "triad.fusion.training.runner",
    "InputError": "triad.modalities.checks",
}

__all__ = [
    "CONFIGS",
    "ExternalInputs",
    "FrameStream",
    "InputError",
    "Poses",
    "Predictions",
    "Predictor",
    "VideoPrediction",
    "WindowPrediction",
    "build_config",
    "build_runner",
    "load",
    "prepare",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'triad' has no attribute '{name}'")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)

"""Probes of libraries, each with a small use of the library; what it needs is imported when it runs."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from triad.fusion.environment.versions import required_version
from triad.modalities.openmmlab import import_mmaction, import_mmpose


def check_torch() -> str:
    """Check torch with a convolution."""
    installed = required_version("torch")
    import torch

    torch.nn.functional.conv3d(torch.ones(1, 1, 3, 3, 3), torch.ones(1, 1, 3, 3, 3))
    return f"{installed}, {torch.get_num_threads()} threads"


def check_torchvision() -> str:
    """Check torchvision with an operator: of a torch from another build, the first operator fails."""
    installed = required_version("torchvision")
    import torch
    from torchvision.ops import nms

    nms(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.ones(1), 0.5)
    return f"{installed}, its operators run on this torch"


def check_import(distribution: str, module: str) -> Callable[[], str]:
    """Return a probe that a distribution has the right version and that its module can be imported."""

    def probe() -> str:
        installed = required_version(distribution)
        importlib.import_module(module)
        return installed

    return probe


def check_mmcv() -> str:
    """Check mmcv, the lite package or the one with compiled operators."""
    try:
        version("mmcv-lite")
        installed = f"{required_version('mmcv-lite')} (lite)"
    except PackageNotFoundError:
        installed = version("mmcv")
    import mmcv.cnn  # noqa: F401

    return installed


def check_mmaction2() -> str:
    """Check that mmaction2's networks can be imported."""
    installed = required_version("mmaction2")
    models = import_mmaction().models
    names = [cls.__name__ for cls in (models.ResNet3dSlowOnly, models.X3D, models.STGCN)]
    return f"{installed}, {', '.join(names)}"


def check_mmpose() -> str:
    """Check that mmpose's estimators can be imported."""
    installed = version("mmpose")
    mmpose = import_mmpose()
    return f"{installed}, {mmpose.models.TopdownPoseEstimator.__name__}, {mmpose.apis.init_model.__name__}"


def check_ptlflow() -> str:
    """Check that ptlflow can be imported and knows its models."""
    installed = required_version("ptlflow")
    import ptlflow

    return f"{installed}, {len(ptlflow.get_model_names())} models"


def check_video() -> str:
    """Check PyAV with a second of grey frames, written as H.264 and read back."""
    installed = required_version("av")
    import numpy as np

    from triad.modalities.video import iter_frames, write_video

    frames = [np.full((64, 64, 3), 8 * number, np.uint8) for number in range(25)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        write_video(path, frames, fps=25)
        error = max(
            np.abs(read.astype(int) - frame).max() for read, frame in zip(iter_frames(path), frames, strict=True)
        )
    if error > 8:
        raise RuntimeError(f"H.264 changes grey values by up to {error} of 255")
    return f"{installed}, H.264 written and read"


OPENCV_WHEELS = (
    "opencv-python",
    "opencv-contrib-python",
    "opencv-python-headless",
    "opencv-contrib-python-headless",
)
"""Wheels of OpenCV; all are the folder ``cv2``."""


def check_opencv() -> str:
    """Check OpenCV, whichever wheel it is of; of several, which overwrite each other, a required one must be loaded."""
    installed = {}
    for name in OPENCV_WHEELS:
        with suppress(PackageNotFoundError):
            installed[name] = required_version(name)
    if not installed:
        raise PackageNotFoundError(OPENCV_WHEELS[0])
    import cv2

    number = next(iter(installed.values()))
    has_contrib = hasattr(cv2, "optflow")
    is_overwritten = not f"{number}.".startswith(f"{cv2.__version__}.")
    if is_overwritten or ("contrib" in " ".join(installed) and not has_contrib):
        names = " and ".join(f"{name} {number}" for name, number in installed.items())
        raise RuntimeError(f"{names} overwrite each other: {cv2.__version__} is loaded")
    cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    if not has_contrib:
        return f"{number} ({', '.join(installed)}), DIS flow; TV-L1 flow needs opencv-contrib-python"
    cv2.optflow.DualTVL1OpticalFlow.create()
    return f"{number}, DIS and TV-L1 flow"


def check_skops() -> str:
    """Check skops by storing a classifier of scikit-learn."""
    installed = required_version("skops")
    import skops.io
    from sklearn.svm import LinearSVC

    skops.io.loads(skops.io.dumps(LinearSVC()))
    return installed

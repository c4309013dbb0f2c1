"""doctor: versions, what works, what does not and the command that mends it."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import warnings
from collections.abc import Callable, Sequence
from configparser import ConfigParser
from contextlib import redirect_stdout
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import click
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import cli
from modalities.openmmlab import import_mmaction, import_mmpose

SETUP = Path(__file__).resolve().parents[1] / "setup.cfg"
MAKE = "make setup"
COLORS = {"ok": "green", "missing": "yellow", "broken": "red"}


class Missing(Exception):
    """What a check looks for is not there; anything else that a check raises means that it is there and broken."""


class Check(NamedTuple):
    """One thing to try.

    Attributes:
        name: what is tried.
        probe: tries it and returns what to say when it works.
        cure: command that mends it.
        required: whether the project cannot do without.
    """

    name: str
    probe: Callable[[], str]
    cure: str = MAKE
    required: bool = True


def examine(checks: Sequence[Check]) -> dict[str, Any]:
    """Try every check; none of them can stop the others."""
    rows, ok = [], True
    for check in checks:
        try:
            with warnings.catch_warnings(), redirect_stdout(sys.stderr):
                warnings.simplefilter("ignore")
                status, detail = "ok", check.probe()
        except PackageNotFoundError as error:
            status, detail = "missing", f"{error.name} is not installed"
        except Missing as error:
            status, detail = "missing", str(error)
        except Exception as error:
            status, detail = "broken", f"{type(error).__name__}: {error}".splitlines()[0]
        ok = ok and (status == "ok" or not check.required)
        detail += "" if status == "ok" or check.required else " (optional)"
        rows.append(
            {"name": check.name, "status": status, "detail": detail, "cure": "" if status == "ok" else check.cure}
        )
    return {"ok": ok, "checks": rows}


def required_version(name: str) -> str:
    """The installed version of a distribution, if ``setup.cfg`` allows it.

    Raises:
        PackageNotFoundError: if it is not installed.
        RuntimeError: if the version is another than ``setup.cfg`` asks for.
    """
    installed = version(name)
    setup = _setup_cfg()
    lines = [setup["options"]["install_requires"], *setup["options.extras_require"].values()]
    wanted = [Requirement(line) for line in "\n".join(lines).splitlines() if line and not line.startswith("#")]
    for requirement in wanted:
        if requirement.name == name and not requirement.specifier.contains(installed):
            raise RuntimeError(f"{name} {installed} is installed, setup.cfg asks for {requirement.specifier}")
    return installed


def _setup_cfg() -> ConfigParser:
    setup = ConfigParser()
    setup.read(SETUP, "utf-8")
    return setup


def python_works() -> str:
    found, wanted = platform.python_version(), _setup_cfg()["options"]["python_requires"]
    if not SpecifierSet(wanted).contains(found):
        raise RuntimeError(f"Python {found} is running, setup.cfg asks for {wanted}")
    return found


def torch_works() -> str:
    found = required_version("torch")
    import torch

    torch.nn.functional.conv3d(torch.ones(1, 1, 3, 3, 3), torch.ones(1, 1, 3, 3, 3))
    return f"{found}, {torch.get_num_threads()} threads"


def torchvision_works() -> str:
    """Torch and torchvision must come from the same build: a mixed pair fails at the first operator."""
    found = required_version("torchvision")
    import torch
    from torchvision.ops import nms

    nms(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.ones(1), 0.5)
    return f"{found}, its operators run on this torch"


def imports(distribution: str, module: str) -> Callable[[], str]:
    """A probe that a distribution has the right version and a module of it can be imported."""

    def probe() -> str:
        found = required_version(distribution)
        importlib.import_module(module)
        return found

    return probe


def mmcv_works() -> str:
    try:
        version("mmcv-lite")
        found = f"{required_version('mmcv-lite')} (lite)"
    except PackageNotFoundError:
        found = version("mmcv")
    import mmcv.cnn  # noqa: F401

    return found


def mmaction2_works() -> str:
    found = required_version("mmaction2")
    backbones = import_mmaction().models
    return f"{found}, {', '.join(cls.__name__ for cls in (backbones.ResNet3dSlowOnly, backbones.X3D, backbones.STGCN))}"


def mmpose_works() -> str:
    found = version("mmpose")
    mmpose = import_mmpose()
    return f"{found}, {mmpose.models.TopdownPoseEstimator.__name__}, {mmpose.apis.init_model.__name__}"


def ptlflow_works() -> str:
    found = required_version("ptlflow")
    import ptlflow

    return f"{found}, {len(ptlflow.get_model_names())} models"


def video_works() -> str:
    """A second of moving grey, written as H.264 and read back."""
    found = required_version("av")
    import numpy as np

    from modalities.video import iter_frames, write_video

    frames = [np.full((64, 64, 3), 8 * number, np.uint8) for number in range(25)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        write_video(path, frames, fps=25)
        error = max(
            np.abs(read.astype(int) - frame).max() for read, frame in zip(iter_frames(path), frames, strict=True)
        )
    if error > 8:
        raise RuntimeError(f"H.264 gives back other grey values, off by {error} of 255")
    return f"{found}, H.264 written and read"


def opencv_works() -> str:
    """Two wheels share the folder ``cv2``: with unequal versions one overwrites half of the other."""
    plain, contrib = required_version("opencv-python"), required_version("opencv-contrib-python")
    import cv2

    if plain != contrib:
        raise RuntimeError(f"opencv-python {plain} and opencv-contrib-python {contrib} overwrite each other")
    cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    cv2.optflow.DualTVL1OpticalFlow.create()
    return f"{plain}, DIS and TV-L1 flow"


def skops_works() -> str:
    found = required_version("skops")
    import skops.io
    from sklearn.svm import LinearSVC

    skops.io.loads(skops.io.dumps(LinearSVC()))
    return found


def ray_works() -> str:
    import ray

    return str(ray.__version__)


def gpu_works() -> str:
    import torch

    if not torch.cuda.is_available():
        raise Missing("no GPU that torch can use; everything runs on the CPU")
    torch.ones(1, device="cuda").add_(1).item()
    bf16 = "with" if torch.cuda.is_bf16_supported() else "without"
    return f"{torch.cuda.get_device_name()}, {bf16} bf16"


def compiler_works() -> str:
    """``torch.compile`` writes C++ that includes Python's headers."""
    names = [os.environ.get("CXX", ""), "g++", "clang++", "c++"]
    compiler = next((found for name in names if name and (found := shutil.which(name))), None)
    if compiler is None:
        raise Missing("no C++ compiler, so no torch.compile; everything runs without it")
    command = [compiler, "-x", "c++", "-fsyntax-only", f"-I{sysconfig.get_path('include')}", "-"]
    done = subprocess.run(command, input="#include <Python.h>\n#include <omp.h>\n", text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{compiler}: {done.stderr.strip()}")
    return compiler


CHECKS = (
    Check("Python", python_works, "install Python 3.11 or newer, then `make setup`"),
    Check("torch", torch_works),
    Check(
        "torchvision", torchvision_works, "pip install --force-reinstall 'torch>=2.11,<2.15' 'torchvision>=0.26,<0.30'"
    ),
    Check("torch-geometric", imports("torch-geometric", "torch_geometric.nn")),
    Check("kornia", imports("kornia", "kornia.geometry")),
    Check("mmengine", imports("mmengine", "mmengine.runner")),
    Check("mmcv", mmcv_works),
    Check("mmaction2", mmaction2_works),
    Check("mmpose", mmpose_works, "pip install --no-deps mmpose==1.3.2"),
    Check(
        "ptlflow",
        ptlflow_works,
        "pip install -e '.[flow]' && pip install --no-deps ptlflow==0.4.2",
        required=False,
    ),
    Check("video (PyAV)", video_works),
    Check(
        "OpenCV",
        opencv_works,
        "pip install --force-reinstall --no-deps opencv-python==4.13.0.92 opencv-contrib-python==4.13.0.92",
    ),
    Check("skops", skops_works),
    Check("onnxruntime", imports("onnxruntime", "onnxruntime")),
    Check("onnx", imports("onnx", "onnxscript")),
    Check("ray", ray_works, "pip install -e '.[cluster]'", required=False),
    Check("setuptools", imports("setuptools", "pkg_resources"), "pip install 'setuptools<81'"),
    Check("GPU", gpu_works, "install NVIDIA's driver; see https://pytorch.org/get-started/locally", required=False),
    Check("C++ compiler", compiler_works, "sudo apt-get install g++ python3-dev", required=False),
)


@click.command(help="Versions, what works, what does not and the command that mends it.")
@cli.json_option
def doctor(as_json: bool) -> None:
    document = examine(CHECKS)
    if as_json:
        cli.print_json(document)
    else:
        show(document)
    sys.exit(0 if document["ok"] else 1)


def show(document: dict[str, Any]) -> None:
    console = Console()
    table = Table("check", "status", "detail")
    for row in document["checks"]:
        color = COLORS[row["status"]]
        table.add_row(row["name"], f"[{color}]{row['status']}[/]", escape(row["detail"]))
    console.print(table)
    for row in document["checks"]:
        if row["cure"]:  # outside the table, so that a command can be copied in one piece
            console.print(f"{row['name']}: {escape(row['cure'])}", soft_wrap=True, highlight=False)
    console.print("all that is required works" if document["ok"] else "[red]something required does not work[/]")


if __name__ == "__main__":
    cli.run(doctor)

"""doctor: installed versions, checks that each dependency works, and the command that repairs it."""

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


class MissingError(Exception):
    """Raised when a dependency is not installed; any other error means that it is installed and broken."""


class Check(NamedTuple):
    """Check of one dependency.

    Attributes:
        name: name of the dependency.
        probe: function that tries it and returns a detail, such as its version, or raises an error.
        cure: command that repairs it.
        required: whether the project needs it.
    """

    name: str
    probe: Callable[[], str]
    cure: str = MAKE
    required: bool = True


def examine(checks: Sequence[Check]) -> dict[str, Any]:
    """Run every check, whatever the others do, and return the JSON document of ``--json``."""
    rows = []
    ok = True
    for check in checks:
        status, detail = _run(check)
        ok = ok and (status == "ok" or not check.required)
        detail += "" if status == "ok" or check.required else " (optional)"
        cure = "" if status == "ok" else check.cure
        rows.append({"name": check.name, "status": status, "detail": detail, "cure": cure})
    return {"ok": ok, "checks": rows}


def _run(check: Check) -> tuple[str, str]:
    try:
        with warnings.catch_warnings(), redirect_stdout(sys.stderr):
            warnings.simplefilter("ignore")
            return "ok", check.probe()
    except PackageNotFoundError as error:
        return "missing", f"{error.name} is not installed"
    except MissingError as error:
        return "missing", str(error)
    except Exception as error:
        return "broken", f"{type(error).__name__}: {error}".splitlines()[0]


def required_version(name: str) -> str:
    """Return the installed version of a distribution.

    Args:
        name: name of the distribution.

    Raises:
        PackageNotFoundError: If it is not installed.
        RuntimeError: If ``setup.cfg`` does not allow the version.
    """
    installed = version(name)
    setup = _read_setup_cfg()
    lines = [setup["options"]["install_requires"], *setup["options.extras_require"].values()]
    requirements = [Requirement(line) for line in "\n".join(lines).splitlines() if line and not line.startswith("#")]
    for requirement in requirements:
        if requirement.name == name and not requirement.specifier.contains(installed):
            raise RuntimeError(f"{name} {installed} is installed, setup.cfg requires {requirement.specifier}")
    return installed


def _read_setup_cfg() -> ConfigParser:
    setup = ConfigParser()
    setup.read(SETUP, "utf-8")
    return setup


def check_python() -> str:
    running = platform.python_version()
    required = _read_setup_cfg()["options"]["python_requires"]
    if not SpecifierSet(required).contains(running):
        raise RuntimeError(f"Python {running} is running, setup.cfg requires {required}")
    return running


def check_torch() -> str:
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
    try:
        version("mmcv-lite")
        installed = f"{required_version('mmcv-lite')} (lite)"
    except PackageNotFoundError:
        installed = version("mmcv")
    import mmcv.cnn  # noqa: F401

    return installed


def check_mmaction2() -> str:
    installed = required_version("mmaction2")
    models = import_mmaction().models
    names = [cls.__name__ for cls in (models.ResNet3dSlowOnly, models.X3D, models.STGCN)]
    return f"{installed}, {', '.join(names)}"


def check_mmpose() -> str:
    installed = version("mmpose")
    mmpose = import_mmpose()
    return f"{installed}, {mmpose.models.TopdownPoseEstimator.__name__}, {mmpose.apis.init_model.__name__}"


def check_ptlflow() -> str:
    installed = required_version("ptlflow")
    import ptlflow

    return f"{installed}, {len(ptlflow.get_model_names())} models"


def check_video() -> str:
    """Check PyAV with a second of grey frames, written as H.264 and read back."""
    installed = required_version("av")
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
        raise RuntimeError(f"H.264 changes grey values by up to {error} of 255")
    return f"{installed}, H.264 written and read"


def check_opencv() -> str:
    """Check OpenCV: its two wheels share the folder ``cv2`` and overwrite each other if their versions differ."""
    plain = required_version("opencv-python")
    contrib = required_version("opencv-contrib-python")
    import cv2

    if plain != contrib:
        raise RuntimeError(f"opencv-python {plain} and opencv-contrib-python {contrib} overwrite each other")
    cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    cv2.optflow.DualTVL1OpticalFlow.create()
    return f"{plain}, DIS and TV-L1 flow"


def check_skops() -> str:
    installed = required_version("skops")
    import skops.io
    from sklearn.svm import LinearSVC

    skops.io.loads(skops.io.dumps(LinearSVC()))
    return installed


def check_gpu() -> str:
    import torch

    if not torch.cuda.is_available():
        raise MissingError("torch finds no GPU; everything runs on the CPU")
    torch.ones(1, device="cuda").add_(1).item()
    bf16 = "with" if torch.cuda.is_bf16_supported() else "without"
    return f"{torch.cuda.get_device_name()}, {bf16} bf16"


def check_published_weights() -> str:
    """Check which published weights files of the leaf configs lie in the cache of torch.hub; none is needed."""
    from fusion.training.config import build_config
    from fusion.training.zoo import find_leaves, weights_of
    from modalities.weights.published_files import PublishedFile

    leaves = find_leaves(SETUP.parent / "configs")
    rows = [row for path in leaves for row in weights_of(build_config(path))]
    files = {file.name: file for file in (PublishedFile(row["url"], row["data"], row["file"]) for row in rows)}
    there = [name for name, file in files.items() if file.cached.exists()]
    if not there:
        raise MissingError(f"none of {len(files)} files is in torch.hub's cache; everything trains without them")
    return f"{len(there)} of {len(files)} files are in torch.hub's cache: {', '.join(there)}"


def check_compiler() -> str:
    """Check the compiler of ``torch.compile``, whose C++ includes Python's headers."""
    names = [os.environ.get("CXX", ""), "g++", "clang++", "c++"]
    compiler = next((path for name in names if name and (path := shutil.which(name))), None)
    if compiler is None:
        raise MissingError("no C++ compiler, so no torch.compile; everything runs without it")
    command = [compiler, "-x", "c++", "-fsyntax-only", f"-I{sysconfig.get_path('include')}", "-"]
    process = subprocess.run(command, input="#include <Python.h>\n#include <omp.h>\n", text=True, capture_output=True)
    if process.returncode:
        raise RuntimeError(f"{compiler}: {process.stderr.strip()}")
    return compiler


CHECKS = (
    Check("Python", check_python, "install Python 3.11 or newer, then `make setup`"),
    Check("torch", check_torch),
    Check(
        "torchvision", check_torchvision, "pip install --force-reinstall 'torch>=2.11,<2.15' 'torchvision>=0.26,<0.30'"
    ),
    Check("torch-geometric", check_import("torch-geometric", "torch_geometric.nn")),
    Check("kornia", check_import("kornia", "kornia.geometry")),
    Check("mmengine", check_import("mmengine", "mmengine.runner")),
    Check("mmcv", check_mmcv),
    Check("mmaction2", check_mmaction2),
    Check("mmpose", check_mmpose, "pip install --no-deps mmpose==1.3.2"),
    Check(
        "ptlflow",
        check_ptlflow,
        "pip install -e '.[flow]' && pip install --no-deps ptlflow==0.4.2",
        required=False,
    ),
    Check("video (PyAV)", check_video),
    Check(
        "OpenCV",
        check_opencv,
        "pip install --force-reinstall --no-deps opencv-python==4.13.0.92 opencv-contrib-python==4.13.0.92",
    ),
    Check("skops", check_skops),
    Check("onnxruntime", check_import("onnxruntime", "onnxruntime")),
    Check("onnx", check_import("onnx", "onnxscript")),
    Check("ray", check_import("ray", "ray"), "pip install -e '.[cluster]'", required=False),
    Check("setuptools", check_import("setuptools", "pkg_resources"), "pip install 'setuptools<81'"),
    Check("GPU", check_gpu, "install NVIDIA's driver; see https://pytorch.org/get-started/locally", required=False),
    Check(
        "published weights",
        check_published_weights,
        "tools/zoo.py --weights names each file; tools/zoo.py --download LEAF",
        required=False,
    ),
    Check("C++ compiler", check_compiler, "sudo apt-get install g++ python3-dev", required=False),
)


@click.command(help="Check every dependency and print the command that repairs it.")
@cli.json_option
def doctor(as_json: bool) -> None:
    document = examine(CHECKS)
    if as_json:
        cli.print_json(document)
    else:
        print_table(document)
    sys.exit(0 if document["ok"] else 1)


def print_table(document: dict[str, Any]) -> None:
    console = Console()
    table = Table("check", "status", "detail")
    for row in document["checks"]:
        color = COLORS[row["status"]]
        table.add_row(row["name"], f"[{color}]{row['status']}[/]", escape(row["detail"]))
    console.print(table)
    for row in document["checks"]:
        if row["cure"]:  # outside the table, so that a command can be copied in one piece
            console.print(f"{row['name']}: {escape(row['cure'])}", soft_wrap=True, highlight=False)
    console.print("all required dependencies work" if document["ok"] else "[red]a required dependency does not work[/]")


if __name__ == "__main__":
    cli.run(doctor)

"""State of the installation: every dependency tried out, and the command that repairs it.

A new dependency is a function that tries it and a line here.
"""

from triad.fusion.environment.check import Check, MissingError, examine
from triad.fusion.environment.libraries import (
    check_import,
    check_mmaction2,
    check_mmcv,
    check_mmpose,
    check_opencv,
    check_ptlflow,
    check_skops,
    check_torch,
    check_torchvision,
    check_video,
)
from triad.fusion.environment.machine import check_compiler, check_gpu, check_published_weights
from triad.fusion.environment.versions import check_python

CHECKS = (
    Check("Python", check_python, "install Python 3.11 or newer, then `make setup`"),
    Check("torch", check_torch),
    Check(
        "torchvision", check_torchvision, "pip install --force-reinstall 'torch>=2.11,<2.15' 'torchvision>=0.26,<0.30'"
    ),
    Check("torch-geometric", check_import("torch-geometric", "torch_geometric.nn")),
    Check("mmengine", check_import("mmengine", "mmengine.runner")),
    Check("mmcv", check_mmcv),
    Check("mmaction2", check_mmaction2),
    Check("mmpose", check_mmpose, "pip install --no-deps mmpose==1.3.2", required=False),
    Check(
        "ptlflow",
        check_ptlflow,
        "pip install 'triad[flow]' && pip install --no-deps ptlflow==0.4.2",
        required=False,
    ),
    Check("video (PyAV)", check_video),
    Check(
        "OpenCV",
        check_opencv,
        "pip uninstall -y opencv-python-headless; "
        "pip install --force-reinstall --no-deps opencv-python==4.13.0.92 opencv-contrib-python==4.13.0.92",
    ),
    Check("skops", check_skops),
    Check("onnxruntime", check_import("onnxruntime", "onnxruntime")),
    Check("onnx", check_import("onnx", "onnxscript")),
    Check("c3d", check_import("c3d", "c3d"), "pip install 'triad[c3d]'", required=False),
    Check("ray", check_import("ray", "ray"), "pip install 'triad[cluster]'", required=False),
    Check("setuptools", check_import("setuptools", "pkg_resources"), "pip install 'setuptools<81'"),
    Check("GPU", check_gpu, "install NVIDIA's driver; see https://pytorch.org/get-started/locally", required=False),
    Check(
        "published weights",
        check_published_weights,
        "triad weights list names each file; triad weights fetch NAME",
        required=False,
    ),
    Check("C++ compiler", check_compiler, "sudo apt-get install g++ python3-dev", required=False),
)

__all__ = ["CHECKS", "Check", "MissingError", "examine"]

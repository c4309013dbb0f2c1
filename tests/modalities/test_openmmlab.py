"""Cures are tested on hand-made packages without site-packages (``-S``), then once on the real ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MMACTION = {
    "mmaction/__init__.py": "",
    "mmaction/models/__init__.py": "from .localizers import DRN",
    "mmaction/models/localizers/__init__.py": "from .drn.drn import DRN",
}
MMPOSE = {
    "mmpose/__init__.py": "",
    "mmpose/models/__init__.py": (
        "from mmcv.ops import MultiScaleDeformableAttention\nfrom mmdet.utils import ConfigType, reduce_mean\n"
    ),
    "mmpose/apis/__init__.py": "from xtcocotools.coco import COCO\nimport xtcocotools.mask as mask\n",
    "mmcv/__init__.py": "",
    "mmcv/ops/__init__.py": "import mmcv._ext\nMultiScaleDeformableAttention = 'real'\n",
}
PYCOCOTOOLS = {
    "pycocotools/__init__.py": "",
    "pycocotools/coco.py": "COCO = 'pycocotools'",
    "pycocotools/cocoeval.py": "",
    "pycocotools/mask.py": "",
}
REAL_PARTS = {
    "mmcv/_ext.py": "",
    "mmdet/__init__.py": "",
    "mmdet/utils/__init__.py": "ConfigType, reduce_mean = 'real', 'real'",
    "xtcocotools/__init__.py": "",
    "xtcocotools/coco.py": "COCO = 'real'",
    "xtcocotools/cocoeval.py": "",
    "xtcocotools/mask.py": "",
}


def run_with(folder: Path, files: dict[str, str], code: str) -> None:
    """Run code where nothing but the standard library, this project and ``files`` can be imported."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    setup = f"import sys\nsys.path[:0] = [{str(folder)!r}, {str(ROOT)!r}]\nfrom modalities.openmmlab import *\n"
    done = subprocess.run([sys.executable, "-S", "-I", "-c", setup + code], text=True, capture_output=True)
    assert done.returncode == 0, done.stderr


RAISES = """
def message(call):
    try:
        call()
    except ImportError as error:
        return str(error)
"""


def test_forgotten_folder_of_mmaction2_is_replaced(tmp_path: Path):
    code = "module = import_mmaction()\nassert import_mmaction() is module\n"
    code += (
        "said = message(module.models.DRN)\nassert said.startswith('mmaction.models.localizers.drn.DRN is not'), said"
    )
    run_with(tmp_path, MMACTION, RAISES + code)


def test_real_folder_of_mmaction2_is_kept(tmp_path: Path):
    real = {"mmaction/models/localizers/drn/__init__.py": "", "mmaction/models/localizers/drn/drn.py": "DRN = 'real'"}
    run_with(tmp_path, MMACTION | real, "assert import_mmaction().models.DRN == 'real'")


def test_absent_parts_of_mmpose_raise_when_used_and_leave_nothing_behind(tmp_path: Path):
    code = (
        "mmpose = import_mmpose()\nassert import_mmpose() is mmpose\n"
        "left = [name for name in sys.modules if name.startswith(('mmdet', 'mmcv.ops'))]\nassert not left, left\n"
        "assert importlib.util.find_spec('mmdet') is None\n"
        "said = message(mmpose.models.MultiScaleDeformableAttention)\nassert 'install the full mmcv' in said, said\n"
        "said = message(lambda: mmpose.models.reduce_mean(1))\nassert 'install mmdet' in said, said\n"
        "assert mmpose.models.ConfigType is dict\nassert mmpose.apis.COCO == 'pycocotools'\n"
    )
    run_with(tmp_path, MMPOSE | PYCOCOTOOLS, "import importlib.util\n" + RAISES + code)


def test_real_parts_of_mmpose_are_used(tmp_path: Path):
    code = (
        "mmpose = import_mmpose()\nassert mmpose.models.MultiScaleDeformableAttention == 'real'\n"
        "assert mmpose.models.reduce_mean == 'real' and 'mmdet.utils' in sys.modules\n"
        "assert mmpose.apis.COCO == 'real'\n"
    )
    run_with(tmp_path, MMPOSE | PYCOCOTOOLS | REAL_PARTS, code)


def test_xtcocotools_built_for_numpy_1_is_replaced(tmp_path: Path):
    old = REAL_PARTS | {"xtcocotools/mask.py": "raise ValueError('numpy.dtype size changed')"}
    run_with(tmp_path, MMPOSE | PYCOCOTOOLS | old, "assert import_mmpose().apis.COCO == 'pycocotools'")


def test_failing_import_leaves_no_stand_in(tmp_path: Path):
    broken = {"mmpose/apis/__init__.py": "import no_such_module"}
    code = "assert 'no_such_module' in message(import_mmpose)\nassert 'mmdet' not in sys.modules\n"
    run_with(tmp_path, MMPOSE | PYCOCOTOOLS | broken, RAISES + code)


def test_library_that_is_not_installed_says_how_to_install_it(tmp_path: Path):
    code = (
        "assert 'mmaction is not installed; run `make setup`' in message(import_mmaction)\n"
        "assert 'mmpose is not installed; run `make setup`' in message(import_mmpose)\n"
    )
    run_with(tmp_path, {}, RAISES + code)


def test_real_libraries_build_what_we_use():
    code = """
from modalities.openmmlab import import_mmaction, import_mmpose
models = import_mmaction().models
graph = {"layout": "coco", "mode": "stgcn_spatial"}
assert sum(p.numel() for p in models.STGCN(graph_cfg=graph).parameters()) > 1_000_000
assert models.ResNet3dSlowOnly(depth=50).feat_dim == 2048
assert models.X3D(gamma_w=1, gamma_b=2.25, gamma_d=2.2).feat_dim == 432
mmpose = import_mmpose()
assert mmpose.models.TopdownPoseEstimator.__mro__ and callable(mmpose.apis.inference_topdown)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr

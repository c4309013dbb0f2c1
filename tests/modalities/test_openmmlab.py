"""Stand-ins are tested on hand-made packages without site-packages (``-S``), then once on the real ones."""

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
TRANSFORMERS_5 = {
    "transformers/__init__.py": "",
    "transformers/modeling_utils.py": "PreTrainedModel = object",
    "transformers/pytorch_utils.py": "apply_chunking_to_forward = prune_linear_layer = 'moved'",
}
VINDLU = (
    "from transformers.modeling_utils import PreTrainedModel, apply_chunking_to_forward\n"
    "from transformers.modeling_utils import find_pruneable_heads_and_indices, prune_linear_layer\n"
)
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
INSTALLED = {
    "mmcv/_ext.py": "",
    "mmdet/__init__.py": "",
    "mmdet/utils/__init__.py": "ConfigType, reduce_mean = 'real', 'real'",
    "xtcocotools/__init__.py": "",
    "xtcocotools/coco.py": "COCO = 'real'",
    "xtcocotools/cocoeval.py": "",
    "xtcocotools/mask.py": "",
}


SETUP = f"""
import importlib.util, sys
spec = importlib.util.spec_from_file_location("openmmlab", {str(ROOT / "modalities/openmmlab.py")!r})
sys.modules["openmmlab"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["openmmlab"])
from openmmlab import import_mmaction, import_mmpose
"""


def run_with(folder: Path, files: dict[str, str], code: str) -> None:
    """Run code where nothing but the standard library, the module under test and ``files`` can be imported."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    path = f"import sys\nsys.path.insert(0, {str(folder)!r})\n"
    done = subprocess.run([sys.executable, "-S", "-I", "-c", path + SETUP + code], text=True, capture_output=True)
    assert done.returncode == 0, done.stderr


MESSAGE_OF = """
def message_of(call):
    try:
        call()
    except ImportError as error:
        return str(error)
"""


def test_missing_mmaction2_folder_is_replaced(tmp_path: Path):
    code = (
        "module = import_mmaction()\nassert import_mmaction() is module\n"
        "text = message_of(module.models.DRN)\n"
        "assert text.startswith('mmaction.models.localizers.drn.DRN is not available'), text\n"
    )
    run_with(tmp_path, MMACTION, MESSAGE_OF + code)


def test_real_mmaction2_folder_is_kept(tmp_path: Path):
    real = {"mmaction/models/localizers/drn/__init__.py": "", "mmaction/models/localizers/drn/drn.py": "DRN = 'real'"}
    run_with(tmp_path, MMACTION | real, "assert import_mmaction().models.DRN == 'real'")


def test_names_moved_in_transformers_are_offered(tmp_path: Path):
    """Names that transformers 5 moved come from their new module, removed ones raise when called; none stays behind."""
    models = {"mmaction/models/__init__.py": VINDLU, "mmaction/models/localizers/drn/__init__.py": ""}
    code = (
        "models = import_mmaction().models\n"
        "assert models.apply_chunking_to_forward == models.prune_linear_layer == 'moved'\n"
        "text = message_of(models.find_pruneable_heads_and_indices)\nassert 'install transformers 4.28' in text, text\n"
        "import transformers.modeling_utils\n"
        "assert not hasattr(transformers.modeling_utils, 'apply_chunking_to_forward')\n"
        "assert not hasattr(transformers.modeling_utils, 'find_pruneable_heads_and_indices')\n"
    )
    run_with(tmp_path, MMACTION | models | TRANSFORMERS_5, MESSAGE_OF + code)


def test_names_of_transformers_4_are_kept(tmp_path: Path):
    names = "PreTrainedModel = apply_chunking_to_forward = find_pruneable_heads_and_indices = prune_linear_layer = 1"
    models = {"mmaction/models/__init__.py": VINDLU, "mmaction/models/localizers/drn/__init__.py": ""}
    transformers_4 = TRANSFORMERS_5 | {"transformers/modeling_utils.py": names}
    code = (
        "assert import_mmaction().models.apply_chunking_to_forward == 1\n"
        "import transformers.modeling_utils\nassert transformers.modeling_utils.prune_linear_layer == 1\n"
    )
    run_with(tmp_path, MMACTION | models | transformers_4, code)


def test_absent_mmpose_parts_raise_when_used(tmp_path: Path):
    code = (
        "mmpose = import_mmpose()\nassert import_mmpose() is mmpose\n"
        "left = [name for name in sys.modules if name.startswith(('mmdet', 'mmcv.ops'))]\nassert not left, left\n"
        "assert importlib.util.find_spec('mmdet') is None\n"
        "text = message_of(mmpose.models.MultiScaleDeformableAttention)\nassert 'install the full mmcv' in text, text\n"
        "text = message_of(lambda: mmpose.models.reduce_mean(1))\nassert 'install mmdet' in text, text\n"
        "assert mmpose.models.ConfigType is dict\nassert mmpose.apis.COCO == 'pycocotools'\n"
    )
    run_with(tmp_path, MMPOSE | PYCOCOTOOLS, "import importlib.util\n" + MESSAGE_OF + code)


def test_installed_mmpose_parts_are_used(tmp_path: Path):
    code = (
        "mmpose = import_mmpose()\nassert mmpose.models.MultiScaleDeformableAttention == 'real'\n"
        "assert mmpose.models.reduce_mean == 'real' and 'mmdet.utils' in sys.modules\n"
        "assert mmpose.apis.COCO == 'real'\n"
    )
    run_with(tmp_path, MMPOSE | PYCOCOTOOLS | INSTALLED, code)


def test_xtcocotools_for_numpy_1_is_replaced(tmp_path: Path):
    old = INSTALLED | {"xtcocotools/mask.py": "raise ValueError('numpy.dtype size changed')"}
    run_with(tmp_path, MMPOSE | PYCOCOTOOLS | old, "assert import_mmpose().apis.COCO == 'pycocotools'")


def test_failed_import_leaves_no_stand_in(tmp_path: Path):
    broken = {"mmpose/apis/__init__.py": "import no_such_module"}
    code = "assert 'no_such_module' in message_of(import_mmpose)\nassert 'mmdet' not in sys.modules\n"
    run_with(tmp_path, MMPOSE | PYCOCOTOOLS | broken, MESSAGE_OF + code)


def test_missing_library_names_its_command(tmp_path: Path):
    code = (
        "assert 'mmaction is not installed; run `make setup`' in message_of(import_mmaction)\n"
        "assert 'mmpose is not installed; run `make setup`' in message_of(import_mmpose)\n"
    )
    run_with(tmp_path, {}, MESSAGE_OF + code)


def test_real_libraries_build_our_networks():
    code = """
from triad.modalities.openmmlab import import_mmaction, import_mmpose
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


FAKE_TRANSFORMERS = """
import sys, types, importlib_metadata
MOVED = {"apply_chunking_to_forward", "find_pruneable_heads_and_indices", "prune_linear_layer"}


class Fake(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__") or name in MOVED:
            raise AttributeError(name)
        methods = {"__init__": lambda self, *args, **options: None, "__call__": lambda self, value: value}
        return type(name, (), methods | {"from_pretrained": classmethod(lambda cls: None)})


names = ["", ".activations", ".configuration_utils", ".file_utils", ".logging", ".modeling_outputs", ".modeling_utils"]
for name in [*names, ".models", ".models.beit", ".models.beit.modeling_beit", ".pytorch_utils"]:
    sys.modules["transformers" + name] = Fake("transformers" + name)
transformers = sys.modules["transformers"]
transformers.logging = types.SimpleNamespace(set_verbosity_error=lambda: None)
real = importlib_metadata.distribution
fake = types.SimpleNamespace(version="5.17.0")
importlib_metadata.distribution = lambda name: fake if name == "transformers" else real(name)
"""


def test_real_mmaction2_bears_transformers_5():
    code = """
from triad.modalities.openmmlab import import_mmaction
models = import_mmaction().models
assert models.VindLUVQA.__module__.startswith("mmaction.models.multimodal"), models.VindLUVQA
assert models.ResNet3dSlowOnly(depth=50).feat_dim == 2048
"""
    words = [sys.executable, "-c", FAKE_TRANSFORMERS + code]
    done = subprocess.run(words, cwd=ROOT, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr

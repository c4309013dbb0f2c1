"""The one place that makes mmaction2 and mmpose importable on today's stack.

mmaction2's wheel forgot a folder, and mmpose imports compiled parts (mmcv's operators, mmdet, xtcocotools) at its top
level that only heads foreign to this project use. What is absent gets a stand-in that raises when it is used; where
the real part is installed nothing is touched. Neither library's ``register_all_modules`` is ever called.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

_MMCV_CURE = "install the full mmcv (2.1.0, built for this torch) in place of mmcv-lite"
_MMDET_CURE = "install mmdet 3.2 or newer"


def import_mmaction() -> ModuleType:
    """The package ``mmaction``, with ``mmaction.models`` imported.

    Raises:
        ImportError: if mmaction2 is not installed, saying how to install it.
    """
    folder = _package_folder("mmaction", cure="run `make setup`, or `pip install mmaction2==1.2.0`")
    if not (folder / "models" / "localizers" / "drn").is_dir():
        _add_missing_drn()
    with _quiet():
        importlib.import_module("mmaction.models")
    return sys.modules["mmaction"]


def import_mmpose() -> ModuleType:
    """The package ``mmpose``, with ``mmpose.models`` and ``mmpose.apis`` imported.

    Where xtcocotools is missing or built for numpy 1, its name leads to pycocotools for the rest of the process: the
    file format and the masks are the same, mmpose's own COCO metric (``sigmas``) is not served.

    Raises:
        ImportError: if mmpose is not installed, saying how to install it.
    """
    _package_folder("mmpose", cure="run `make setup`, or `pip install --no-deps mmpose==1.3.2`")
    _alias_xtcocotools()
    with _quiet(), _present_while_importing(_absent_compiled_parts()):
        importlib.import_module("mmpose.models")
        importlib.import_module("mmpose.apis")
    return sys.modules["mmpose"]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without warnings about operators of mmcv that nobody here uses and about pkg_resources, which is pinned."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _package_folder(name: str, *, cure: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"{name} is not installed; {cure}", name=name)
    return Path(next(iter(spec.submodule_search_locations)))


def _add_missing_drn() -> None:
    """DRN is a temporal localiser; the 1.2.0 wheel lacks its folder, the package imports the class by name."""
    name = "mmaction.models.localizers.drn"
    cure = "take mmaction2 from its repository, the wheel forgot this folder"
    sys.modules.setdefault(name, _module(name, __path__=[]))
    sys.modules.setdefault(f"{name}.drn", _module(f"{name}.drn", DRN=_raising_class(f"{name}.DRN", cure)))


def _alias_xtcocotools() -> None:
    parts = ("coco", "cocoeval", "mask")
    try:
        for part in parts:
            importlib.import_module(f"xtcocotools.{part}")
    except (ImportError, ValueError):  # ValueError: "numpy.dtype size changed", a wheel for numpy 1
        sys.modules["xtcocotools"] = importlib.import_module("pycocotools")
        for part in parts:
            sys.modules[f"xtcocotools.{part}"] = importlib.import_module(f"pycocotools.{part}")


def _absent_compiled_parts() -> dict[str, ModuleType]:
    """Stand-ins for what mmpose's heads import and this environment lacks, by module name."""
    stand_ins = {}
    if importlib.util.find_spec("mmcv._ext") is None:  # mmcv-lite ships mmcv/ops, but not what it is made of
        names = ("DeformConv2d", "ModulatedDeformConv2d", "MultiScaleDeformableAttention")
        classes = {name: _raising_class(f"mmcv.ops.{name}", _MMCV_CURE) for name in names}
        stand_ins["mmcv.ops"] = _module("mmcv.ops", **classes)
    if importlib.util.find_spec("mmdet") is None:
        reduce_mean = _raising_class("mmdet.utils.reduce_mean", _MMDET_CURE)
        stand_ins["mmdet"] = _module("mmdet", __path__=[])
        stand_ins["mmdet.utils"] = _module("mmdet.utils", ConfigType=dict, reduce_mean=reduce_mean)
    return stand_ins


@contextmanager
def _present_while_importing(stand_ins: dict[str, ModuleType]) -> Iterator[None]:
    """Keep them in ``sys.modules`` for the block only: afterwards nobody may take them for the real ones."""
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            sys.modules.pop(name, None)


def _module(name: str, **attributes: Any) -> ModuleType:
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, loader=None)
    vars(module).update(attributes)
    return module


def _raising_class(name: str, cure: str) -> type:
    """A class that imports and subclasses like any other and raises when it is constructed."""

    def construct(self: object, *args: object, **options: object) -> NoReturn:
        raise ImportError(f"{name} is not available here; {cure}")

    return type(name.rpartition(".")[2], (), {"__init__": construct, "__doc__": f"Stand-in for ``{name}``."})

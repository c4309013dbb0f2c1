"""Imports of mmaction2 and mmpose that work on the versions of torch, numpy and transformers in use today.

mmaction2's wheel lacks a folder and uses names that transformers 5 moved; mmpose imports compiled parts (mmcv's
operators, mmdet, xtcocotools) that only heads foreign to this project need. An absent part is replaced by a stand-in
that raises when it is used; an installed part is left alone. Neither library's ``register_all_modules`` is called.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

_MMCV_CURE = "install the full mmcv (2.1.0, built for this torch) in place of mmcv-lite"
_MMDET_CURE = "install mmdet 3.2 or newer"
_TRANSFORMERS_CURE = "install transformers 4.28, which mmaction2 1.2.0 was written for"
_MOVED_IN_TRANSFORMERS = ("apply_chunking_to_forward", "find_pruneable_heads_and_indices", "prune_linear_layer")
"""Names that mmaction2's VindLU imports from ``transformers.modeling_utils``."""


def import_mmaction() -> ModuleType:
    """Return the package ``mmaction``, with ``mmaction.models`` imported.

    Raises:
        ImportError: without mmaction2, naming the command that installs it.
    """
    folder = _package_folder("mmaction", cure="run `make setup`, or `pip install mmaction2==1.2.0`")
    if not (folder / "models" / "localizers" / "drn").is_dir():
        _add_missing_drn()
    with _without_warnings(), _transformers_4_names():
        importlib.import_module("mmaction.models")
    return sys.modules["mmaction"]


def import_mmpose() -> ModuleType:
    """Return the package ``mmpose``, with ``mmpose.models`` and ``mmpose.apis`` imported.

    Where xtcocotools is missing or built for numpy 1, its name leads to pycocotools for the rest of the process: the
    file format and the masks are the same, but mmpose's own COCO metric (``sigmas``) does not work with it.

    Raises:
        ImportError: without mmpose, naming the command that installs it.
    """
    _package_folder("mmpose", cure="run `make setup`, or `pip install --no-deps mmpose==1.3.2`")
    _alias_xtcocotools()
    with _without_warnings(), _modules_while_importing(_compiled_stand_ins()):
        importlib.import_module("mmpose.models")
        importlib.import_module("mmpose.apis")
    return sys.modules["mmpose"]


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Silence warnings about mmcv operators that this project does not use, and about the pinned pkg_resources."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _package_folder(name: str, *, cure: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"{name} is not installed; {cure}", name=name)
    return Path(next(iter(spec.submodule_search_locations)))


def _add_missing_drn() -> None:
    """Add the module of DRN, a temporal localizer that the package imports and the 1.2.0 wheel lacks."""
    name = "mmaction.models.localizers.drn"
    cure = "install mmaction2 from its repository, the wheel lacks this folder"
    sys.modules.setdefault(name, _module(name, __path__=[]))
    sys.modules.setdefault(f"{name}.drn", _module(f"{name}.drn", DRN=_raising_class(f"{name}.DRN", cure)))


@contextmanager
def _transformers_4_names() -> Iterator[None]:
    """Offer, for the block only, the names that transformers moved to ``pytorch_utils`` or removed since 4.x."""
    moved: dict[str, Any] = {}
    try:
        modeling_utils = importlib.import_module("transformers.modeling_utils")
        pytorch_utils = importlib.import_module("transformers.pytorch_utils")
    except ImportError:  # transformers is optional: mmaction2 does without VindLU then
        yield
        return
    for name in _MOVED_IN_TRANSFORMERS:
        if not hasattr(modeling_utils, name):
            stand_in = _raising_class(f"transformers.modeling_utils.{name}", _TRANSFORMERS_CURE)
            moved[name] = getattr(pytorch_utils, name, stand_in)
    vars(modeling_utils).update(moved)
    try:
        yield
    finally:
        for name in moved:
            delattr(modeling_utils, name)


def _alias_xtcocotools() -> None:
    submodules = ("coco", "cocoeval", "mask")
    try:
        for name in submodules:
            importlib.import_module(f"xtcocotools.{name}")
    except (ImportError, ValueError):  # ValueError: "numpy.dtype size changed", a wheel for numpy 1
        sys.modules["xtcocotools"] = importlib.import_module("pycocotools")
        for name in submodules:
            sys.modules[f"xtcocotools.{name}"] = importlib.import_module(f"pycocotools.{name}")


def _compiled_stand_ins() -> dict[str, ModuleType]:
    """Return stand-ins for the compiled modules that mmpose's heads import and this environment lacks, by name."""
    stand_ins = {}
    if importlib.util.find_spec("mmcv._ext") is None:  # mmcv-lite ships mmcv/ops, but not its compiled half
        names = ("DeformConv2d", "ModulatedDeformConv2d", "MultiScaleDeformableAttention")
        classes = {name: _raising_class(f"mmcv.ops.{name}", _MMCV_CURE) for name in names}
        stand_ins["mmcv.ops"] = _module("mmcv.ops", **classes)
    if importlib.util.find_spec("mmdet") is None:
        reduce_mean = _raising_class("mmdet.utils.reduce_mean", _MMDET_CURE)
        stand_ins["mmdet"] = _module("mmdet", __path__=[])
        stand_ins["mmdet.utils"] = _module("mmdet.utils", ConfigType=dict, reduce_mean=reduce_mean)
    return stand_ins


@contextmanager
def _modules_while_importing(stand_ins: Mapping[str, ModuleType]) -> Iterator[None]:
    """Keep stand-ins in ``sys.modules`` for the block only: later imports must not take them for the real modules."""
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
    """Return a class that can be imported and subclassed like any other and raises when it is constructed."""

    def construct(self: object, *args: object, **options: object) -> NoReturn:
        raise ImportError(f"{name} is not available here; {cure}")

    return type(name.rpartition(".")[2], (), {"__init__": construct, "__doc__": f"Stand-in for ``{name}``."})

"""An exported model of two streams with attention, shared by the tests of exported models."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from trained_models import CONFIGS, NARROW_SKELETON, SMALL_ATTENTION, load_untrained, small_video

from fusion.inference.loaded_model import LoadedModel
from fusion.inference.onnx_export import export


class ExportedModel(NamedTuple):
    """A model, the file that it was exported to, and the description that the export returned."""

    loaded: LoadedModel
    path: Path
    document: dict[str, Any]


@pytest.fixture(scope="session")
def exported(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> ExportedModel:
    folder = tmp_path_factory.mktemp("sta")
    options = [*small_video("rgb"), *NARROW_SKELETON, *SMALL_ATTENTION]
    loaded = load_untrained(folder, CONFIGS / "fusion/separable_sta_minihome.py", tiny, options)
    return ExportedModel(loaded, folder / "sta.onnx", export(loaded, folder / "sta.onnx"))

"""Options that open an ensemble, and those that do not fit each other."""

import pytest

from triad.fusion.inference.open_ensemble import open_ensemble
from triad.modalities.checks import InputError


def test_configs_must_match_checkpoints():
    with pytest.raises(InputError, match="--config must be given once for each of the 2 checkpoints, got 1"):
        open_ensemble(["a", "b"], ["a.py"], device="cpu")


def test_fusion_excludes_weights():
    with pytest.raises(InputError, match="--fusion must be given without --weights"):
        open_ensemble(["a"], fusion="f.skops", weights=["1"], device="cpu")


def test_onnx_suffix_opens_an_export(tmp_path):
    with pytest.raises(InputError, match="exported model must be a file"):
        open_ensemble([tmp_path / "none.onnx"], device="cpu")

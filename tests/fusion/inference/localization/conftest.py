"""Long videos, and the windows of a model that tells bright from dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from untrimmed import brightness_model, write_untrimmed

from triad.fusion.inference import ModelEnsemble, SlidingWindow
from triad.fusion.inference.localization import predict_windows
from triad.fusion.predictions import Predictions


@pytest.fixture(scope="session")
def untrimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_untrimmed(tmp_path_factory.mktemp("untrimmed"))


@pytest.fixture(scope="session")
def windows(untrimmed: Path) -> dict[str, Predictions]:
    """Predictions of windows of 0.6 s every 0.2 s of the validation and the test videos."""
    sliding_window = SlidingWindow(0.6, 0.2, 0.6)
    return {
        split: predict_windows(
            ModelEnsemble([brightness_model()]),
            untrimmed,
            protocol="cross_subject",
            split=split,
            sliding_window=sliding_window,
        )
        for split in ("val", "test")
    }

"""Loading of the files of a fusion."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.predictions import Predictions
from triad.fusion.predictions.member_files import load_members
from triad.modalities.checks import InputError


def test_ids_without_a_pickle_are_refused(tmp_path):
    scores = np.zeros((1, 2), np.float32)
    path = tmp_path / "rgb.npz"
    Predictions(
        ids=np.array(["a"]),
        labels=np.array([0]),
        classes=("drink", "eat"),
        scores={"rgb": scores},
        kinds={"rgb": "logit"},
        present={"rgb": np.array([True])},
    ).save(path)
    (tmp_path / "ids.txt").write_text("a\n")
    with pytest.raises(InputError, match=r"ids\.txt' must come with a score pickle, got predictions files alone"):
        load_members([str(path)], ids_file=tmp_path / "ids.txt")

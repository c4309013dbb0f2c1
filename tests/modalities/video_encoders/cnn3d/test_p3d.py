"""P3D: the three kinds of block and their order."""

from __future__ import annotations

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.video_encoders import P3d
from triad.modalities.video_encoders.cnn3d.p3d import Pseudo3dBlock


def test_kinds_take_turns_and_end_flat():
    with torch.device("meta"):
        encoder = P3d()
    kinds = [block.kind for stage in ("res2", "res3", "res4") for block in getattr(encoder, stage)]
    assert kinds == list("ABC" * 16)[:47]
    assert [block.kind for block in encoder.res5] == ["2D"] * 3


@pytest.mark.parametrize(("kind", "expected"), [("A", 6.0), ("B", 5.0), ("C", 8.0), ("2D", 2.0)])
def test_kinds_by_hand(kind: str, expected: float):
    """Spatial doubles, temporal triples: in series 6, in parallel 2 + 3, both 2 + 6."""
    block = Pseudo3dBlock(1, 1, kind=kind, stride=1).eval()
    for part, factor in (("reduce", 1.0), ("spatial", 2.0), ("temporal", 3.0), ("expand", 1.0), ("shortcut", 0.0)):
        if hasattr(block, part):
            conv, norm = getattr(block, part)
            torch.nn.init.dirac_(conv.weight) if part in ("spatial", "temporal") else torch.nn.init.ones_(conv.weight)
            conv.weight.data *= factor
            norm.eps = 0.0
    with torch.no_grad():
        output = block(torch.ones(1, 1, 3, 3, 3))
    torch.testing.assert_close(output, torch.full((1, 4, 3, 3, 3), expected))


def test_shapes_are_published():
    with torch.device("meta"):
        encoder = P3d().eval()
        taps = encoder(torch.empty(1, 3, 16, 160, 160), torch.empty(1, 16, dtype=torch.bool)).taps
    shapes = {name: tuple(taps[name].shape[1:]) for name in ("pool1", "pool2", "pool3", "pool4", "res5")}
    assert shapes == {
        "pool1": (64, 8, 40, 40),
        "pool2": (256, 4, 40, 40),
        "pool3": (512, 2, 20, 20),
        "pool4": (1024, 1, 10, 10),
        "res5": (2048, 1, 5, 5),
    }


def test_other_depths_are_refused():
    with pytest.raises(InputError, match=r"P3d.layers must be one of 63, 131, 199, got 50"):
        P3d(layers=50)

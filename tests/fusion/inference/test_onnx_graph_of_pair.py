"""Graph of two networks that exchange maps: each set of streams gives the scores of the recognizer."""

from __future__ import annotations

import torch
from paired_streams import build_paired, make_paired_batch
from torch import nn

from triad.fusion.inference.onnx_graph import RecognizerGraph
from triad.fusion.models import LateralConnections
from triad.modalities.video_encoders import SmallR2Plus1d

SIZES = {"flow": (2, 16), "rgb": (2, 16)}
NETWORK = {"type": SmallR2Plus1d, "stem": 8, "widths": (8,), "depths": (1,), "temporal_strides": (1,)}
PAIRED = {"type": LateralConnections, "source": "flow", "target": "rgb", "after": [(1, 1)]}


def test_graph_gives_scores_of_recognizer():
    model = build_paired(dict.fromkeys(SIZES, NETWORK), SIZES, paired=PAIRED).eval()
    nn.init.normal_(model.paired.laterals["flow"][0].weight)
    present = {"flow": [True, False, True], "rgb": [True, True, False]}
    batch = make_paired_batch(SIZES, present)
    with torch.no_grad():
        expected = model(**model.data_preprocessor(batch, False))
        scores = RecognizerGraph(model, ["flow", "rgb"])({name: batch[name] for name in SIZES})
    for name, mask in present.items():
        torch.testing.assert_close(scores[name][torch.tensor(mask)], expected[name])

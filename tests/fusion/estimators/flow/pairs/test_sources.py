"""Flow of MiniHome's pairs leads from the first frame to the second."""

from __future__ import annotations

import cv2
import numpy as np

from triad.fusion.estimators.flow.pairs import GroundTruthPairs
from triad.fusion.index import load_index


def test_true_flow_fits_its_frames(home):
    """Warping the second frame by the flow gives the first: better than not warping, where anything moves."""
    index = load_index(home)
    pairs = GroundTruthPairs(index, index.records)
    y, x = np.mgrid[:120, :160].astype(np.float32)
    errors_unwarped = []
    errors_warped = []
    for record in index.records:
        for time in range(0, 29, 9):
            first, second, flow = pairs.pair(record, time)
            moves = np.linalg.norm(flow, axis=-1) > 1.5
            warped = cv2.remap(second, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR)
            for frame, errors in ((second, errors_unwarped), (warped, errors_warped)):
                errors += np.abs(frame.astype(float) - first)[moves].mean(axis=-1).tolist()
    assert len(errors_warped) > 300
    assert np.mean(errors_warped) < 0.6 * np.mean(errors_unwarped)

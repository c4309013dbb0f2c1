import numpy as np
import torch

from triad.modalities.flow.networks.raft_preprocessing import pairs_per_pass, raft_padding, to_fields, to_images


def test_padding_reaches_sixteen_whole_cells():
    assert raft_padding(30, 129) == (3, 4, 49, 49)


def test_images_are_normalized_and_padded():
    frames = np.full((2, 120, 130, 3), 255, np.uint8)
    images = to_images(frames, raft_padding(120, 130), torch.device("cpu"))
    assert images.shape == (2, 3, 128, 136)
    assert (images == 1).all()


def test_fields_have_the_frame_size():
    fields = to_fields(torch.ones(2, 2, 128, 136), raft_padding(120, 130))
    assert fields.shape == (2, 120, 130, 2)
    assert fields.dtype == np.float32


def test_pairs_per_pass_by_hand():
    padding = raft_padding(240, 320)  # 30 × 40 cells, 1.92 million correlations a pair
    for max_correlations, pairs in ((1 << 28, 8), (10_000_000, 5), (1, 1)):
        assert pairs_per_pass(240, 320, padding, max_pairs=8, max_correlations=max_correlations) == pairs

from __future__ import annotations

import pytest

from triad.modalities.video_encoders.transformers.layers import TransformerBlock, drop_path_rates, stack_blocks


def test_rates_rise_from_zero():
    assert drop_path_rates(0.2, 3) == pytest.approx([0.0, 0.1, 0.2])


def test_last_block_has_the_rate():
    blocks = stack_blocks(TransformerBlock, depth=3, channels=8, heads=2, drop_path=0.3)
    assert [block.drop_path.p for block in blocks] == pytest.approx([0.0, 0.15, 0.3])

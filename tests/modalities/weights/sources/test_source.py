from __future__ import annotations

import torch

from triad.modalities.weights.sources.source import renaming


def test_first_pattern_renames_a_whole_key():
    convert = renaming((r"(.*\.)?bn(\d)\.(\w+)", r"\1conv\2.bn.\3"), (r"bn1\.weight", "never"))
    keys = ["bn1.weight", "layer1.0.bn2.bias", "bn1.weight.more", "fc.weight"]
    converted = convert({key: torch.tensor(float(number)) for number, key in enumerate(keys)})
    assert list(converted) == ["conv1.bn.weight", "layer1.0.conv2.bn.bias", "bn1.weight.more", "fc.weight"]
    assert [value.item() for value in converted.values()] == [0, 1, 2, 3]

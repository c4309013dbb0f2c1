"""Weights of another network are refused, naming the first key that differs."""

import pytest
import torch

from modalities.checks import InputError
from modalities.state_dict import check_state

OWN = {"stem.weight": torch.zeros(4, 3), "bias": torch.zeros(4)}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([1], r"^checkpoint 'a.pth' must hold a state dict, got list; train it$"),
        (
            {"bias": torch.zeros(4)},
            r"^'stem.weight' of checkpoint 'a.pth' must have shape \[4, 3\], got nothing; train",
        ),
        ({**OWN, "bias": torch.zeros(5)}, r"^'bias' of checkpoint 'a.pth' must have shape \[4\], got \[5\]; train it$"),
        ({**OWN, "a": torch.zeros(1)}, r"^'a' of checkpoint 'a.pth' must be absent, got \[1\]; train it$"),
        ({**OWN, 7: "x"}, r"^'7' of checkpoint 'a.pth' must be absent, got str; train it$"),
    ],
)
def test_weights_of_another_network(given, said):
    with pytest.raises(InputError, match=said):
        check_state(OWN, given, what="checkpoint 'a.pth'", cure="train it")


def test_its_own_weights_in_any_order():
    check_state(OWN, dict(reversed(OWN.items())), what="checkpoint 'a.pth'", cure="train it")

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.state_dict import check_state_dict

EXPECTED = {"stem.weight": torch.zeros(4, 3), "bias": torch.zeros(4)}


@pytest.mark.parametrize(
    ("loaded", "message"),
    [
        ([1], r"^checkpoint 'a.pth' must hold a state dict, got list; train it$"),
        (
            {"bias": torch.zeros(4)},
            r"^'stem.weight' of checkpoint 'a.pth' must have shape \[4, 3\], got nothing; train",
        ),
        (
            {**EXPECTED, "bias": torch.zeros(5)},
            r"^'bias' of checkpoint 'a.pth' must have shape \[4\], got \[5\]; train",
        ),
        ({**EXPECTED, "a": torch.zeros(1)}, r"^'a' of checkpoint 'a.pth' must be absent, got \[1\]; train it$"),
        (
            {"c": torch.zeros(1), "a": torch.zeros(1)},
            r"^'stem.weight' of .*, got nothing \(3 more keys differ\); train it$",
        ),
        ({**EXPECTED, 7: "x"}, r"^'7' of checkpoint 'a.pth' must be absent, got str; train it$"),
    ],
)
def test_first_differing_key_is_named(loaded, message):
    with pytest.raises(InputError, match=message):
        check_state_dict(EXPECTED, loaded, subject="checkpoint 'a.pth'", cure="train it")


def test_order_of_keys_is_free():
    check_state_dict(EXPECTED, dict(reversed(EXPECTED.items())), subject="checkpoint 'a.pth'", cure="train it")
